import { Generations } from "@scenario-automation/core"
import { Effect } from "effect"
import { firstIdea, type Scene } from "./scenes.ts"

/** A grey picture of 64 by 64, which stands for one that is not drawn yet. */
const greyPicture =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIKMb3RD77SAA6VEEAoFAIBAIBAKBQCAQfA8G320AeXC6efoAAAAASUVORK5CYII="

/** What each scene would cost, in compute units; nothing is submitted. */
export const pricesOf = Effect.fnUntraced(function* (scenes: ReadonlyArray<Scene>) {
  const generations = yield* Generations
  const prices = yield* Effect.forEach(
    scenes,
    (scene) =>
      Effect.map(
        generations.estimate(scene.request({ idea: firstIdea, picture: greyPicture })),
        (price) => [scene, price] as const,
      ),
    { concurrency: 4 },
  )
  return new Map(prices)
})
