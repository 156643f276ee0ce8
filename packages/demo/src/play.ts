import { deliver, type Delivery, openDisplay, formatOutput, type Track } from "@scenario-automation/cli"
import {
  generate,
  type Generated,
  type GenerationRequest,
  type ScenarioError,
} from "@scenario-automation/core"
import { Deferred, Effect } from "effect"
import { firstPrompt, type Scene, type SceneInput } from "./createScenes.ts"

/** A scene with its result or its error. */
export interface PlayedScene {
  readonly scene: Scene
  readonly request: GenerationRequest
  readonly jobId: string
  readonly generated?: Generated | undefined
  readonly delivery?: Delivery | undefined
  readonly error?: ScenarioError | undefined
}

export interface PlayOptions {
  /** The folder of the files. */
  readonly folder: string
  /** What each scene may cost, in compute units. A scene that would cost more is not submitted. */
  readonly maxCosts: ReadonlyMap<Scene, number>
  /** Called with the jobs that still run when the demo is stopped. */
  readonly onInterrupted: (jobIds: ReadonlyArray<string>) => Effect.Effect<void>
}

/** Plays the scenes at the same time, except that some wait for another one's result. */
export const play = Effect.fnUntraced(function* (scenes: ReadonlyArray<Scene>, options: PlayOptions) {
  const display = yield* openDisplay(process.stderr, process.env)
  const prompt = yield* Deferred.make<string>()
  const picture = yield* Deferred.make<string | undefined>()
  const pictureScene =
    scenes.find(({ name }) => name === "image") ?? scenes.find(({ name }) => name === "txt2img")
  const running = new Set<string>()

  /** `undefined` if the scene needs a picture that doesn't exist. */
  const getInput = Effect.fnUntraced(function* (scene: Scene) {
    const words = scene.needs === "prompt" ? yield* Deferred.await(prompt) : firstPrompt
    const assetId = scene.needs === "picture" ? yield* Deferred.await(picture) : ""
    return assetId === undefined ? undefined : { prompt: words, picture: assetId }
  })

  /** Lets the scenes start that wait for this one, even if it failed. */
  const passOn = Effect.fnUntraced(function* (scene: Scene, generated: Generated | undefined) {
    if (scene.name === "prompt") {
      const [written = firstPrompt] = generated === undefined ? [] : formatOutput(generated.output ?? {})
      yield* Deferred.succeed(prompt, written)
    }
    if (scene === pictureScene) yield* Deferred.succeed(picture, generated?.assets[0]?.assetId)
  })

  const playOne = Effect.fnUntraced(function* (scene: Scene, track: Track, input: SceneInput) {
    yield* track.started
    const request = scene.createRequest(input)
    let jobId = ""
    return yield* Effect.gen(function* () {
      const generated = yield* generate(request, {
        maxCost: options.maxCosts.get(scene),
        onSubmitted: ({ job, cost }) => {
          jobId = job.jobId
          running.add(jobId)
          return track.submitted(job, cost)
        },
        onUpdate: track.updated,
      })
      yield* passOn(scene, generated)
      const delivery = yield* deliver(generated, options.folder, track, {
        nameTemplate: `${scene.name}-{index}`,
      })
      running.delete(jobId)
      const played: PlayedScene = { scene, request, jobId, generated, delivery }
      return played
    }).pipe(
      Effect.catch((error) =>
        Effect.gen(function* () {
          running.delete(jobId)
          yield* track.failed("failed", error.message)
          yield* passOn(scene, undefined)
          const played: PlayedScene = { scene, request, jobId, error }
          return played
        }),
      ),
    )
  })

  // All lines are there from the start, so that they have the order of the scenes.
  const tracks = yield* Effect.forEach(scenes, (scene) =>
    Effect.map(display.track(scene.title), (track) => ({ scene, track })),
  )
  const played = yield* Effect.forEach(
    tracks,
    Effect.fnUntraced(function* ({ scene, track }) {
      const input = yield* getInput(scene)
      if (input !== undefined) return [yield* playOne(scene, track, input)]
      yield* track.failed("skipped", "There is no picture to start from.")
      return []
    }),
    { concurrency: "unbounded" },
  ).pipe(Effect.onInterrupt(() => options.onInterrupted([...running])))
  return played.flat()
})
