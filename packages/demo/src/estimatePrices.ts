import { Generations } from "@scenario-automation/core"
import { Effect } from "effect"
import { firstPrompt, type Scene } from "./createScenes.ts"

/** A gray picture of 64 by 64, in place of one that isn't generated yet. */
const grayPicture =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIKMb3RD77SAA6VEEAoFAIBAIBAKBQCAQfA8G320AeXC6efoAAAAASUVORK5CYII="

/** What each scene would cost, in compute units. Nothing is submitted. */
export const estimatePrices = Effect.fnUntraced(function* (scenes: ReadonlyArray<Scene>) {
  const generations = yield* Generations
  const prices = yield* Effect.forEach(
    scenes,
    (scene) =>
      Effect.map(
        generations.estimate(scene.createRequest({ prompt: firstPrompt, picture: grayPicture })),
        (price) => [scene, price] as const,
      ),
    { concurrency: 4 },
  )
  return new Map(prices)
})
