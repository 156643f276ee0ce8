import { deliver, type Delivery, openDisplay, outputText } from "@scenario-automation/cli"
import {
  generate,
  type Generated,
  type GenerationRequest,
  type ScenarioError,
} from "@scenario-automation/core"
import { Deferred, Effect } from "effect"
import { firstIdea, type Scene, type SceneInput } from "./scenes.ts"

/** A scene that was played, however it ended. */
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
  /** What each scene may cost, in compute units; more is not submitted. */
  readonly mostCosts: ReadonlyMap<Scene, number>
  /** Called when the idea is there, and before anything that takes its time is submitted. */
  readonly onIdea: Effect.Effect<void>
  /** Called with the jobs that go on where the demo was stopped. */
  readonly onInterrupted: (jobIds: ReadonlyArray<string>) => Effect.Effect<void>
}

/** Plays the scenes at once, as far as they do not wait for each other, through the one account that it is given. */
export const play = Effect.fnUntraced(function* (scenes: ReadonlyArray<Scene>, options: PlayOptions) {
  const display = yield* openDisplay(process.stderr, process.env)
  const idea = yield* Deferred.make<string>()
  const picture = yield* Deferred.make<string | undefined>()
  const running = new Set<string>()

  const inputOf = Effect.fnUntraced(function* (scene: Scene) {
    if (scene.needs === "nothing") return { idea: firstIdea, picture: "" }
    const words = yield* Deferred.await(idea)
    const shown = scene.needs === "picture" ? yield* Deferred.await(picture) : ""
    return shown === undefined ? undefined : { idea: words, picture: shown }
  })

  /** Lets those go on that wait for this one, also where it has failed. */
  const pass = Effect.fnUntraced(function* (scene: Scene, generated: Generated | undefined) {
    if (scene.name === "prompt") {
      const [better = firstIdea] = outputText(generated?.output ?? {})
      yield* options.onIdea
      yield* Deferred.succeed(idea, generated === undefined ? firstIdea : better)
    }
    if (scene.name === "txt2img") yield* Deferred.succeed(picture, generated?.assets[0]?.assetId)
  })

  const playOne = Effect.fnUntraced(function* (scene: Scene, input: SceneInput) {
    const track = yield* display.track(scene.title)
    const request = scene.request(input)
    let jobId = ""
    return yield* Effect.gen(function* () {
      const generated = yield* generate(request, {
        maxCost: options.mostCosts.get(scene),
        onSubmitted: ({ job, cost }) => {
          jobId = job.jobId
          running.add(jobId)
          return track.submitted(job, cost)
        },
        onUpdate: track.seen,
      })
      yield* pass(scene, generated)
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
          yield* pass(scene, undefined)
          const played: PlayedScene = { scene, request, jobId, error }
          return played
        }),
      ),
    )
  })

  const played = yield* Effect.forEach(
    scenes,
    Effect.fnUntraced(function* (scene) {
      const input = yield* inputOf(scene)
      // Without its picture a scene is not played; that the picture failed has been said.
      return input === undefined ? [] : [yield* playOne(scene, input)]
    }),
    { concurrency: "unbounded" },
  ).pipe(Effect.onInterrupt(() => options.onInterrupted([...running])))
  return played.flat()
})
