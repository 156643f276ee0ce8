import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Layer, Logger } from "effect"
import { DurationHistory } from "../src/durations/DurationHistory.ts"
import { JobListPages } from "../src/http/JobListPages.ts"
import { ScenarioHttp } from "../src/http/ScenarioHttp.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { JobWatcher } from "../src/watch/JobWatcher.ts"
import { simulate } from "./support/simulation.ts"

const injected = new Error("injected")
const broken = () => {
  throw injected
}

/** A watcher of its own over the account's services, some of which are changed. */
const withWatcher = (changes: {
  readonly history?: (history: DurationHistory["Service"]) => DurationHistory["Service"]
  readonly http?: (http: ScenarioHttp["Service"]) => ScenarioHttp["Service"]
}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const history = yield* DurationHistory
      const http = yield* ScenarioHttp
      return Layer.fresh(Jobs.layer).pipe(
        Layer.provide(Layer.fresh(JobWatcher.layer)),
        Layer.provide(Layer.fresh(JobListPages.layer)),
        Layer.provide([
          Layer.succeed(DurationHistory, changes.history?.(history) ?? history),
          Layer.succeed(ScenarioHttp, changes.http?.(http) ?? http),
        ]),
      )
    }),
  )

/** Waits for one job that is hurt and for five others; returns how the first ended. All others must succeed. */
const waitForAll = (layer: ReturnType<typeof withWatcher>, messages: Array<unknown>) =>
  simulate({}, (simulator) =>
    Effect.gen(function* () {
      const jobs = yield* Jobs
      const wait = (modelId: string) =>
        jobs.waitFor(
          {
            jobId: simulator.addJob({ durationMs: 20_000, assetIds: ["asset_1"], modelId }),
            submittedAt: new Date(simulator.now()).toISOString(),
            modelId,
          },
          { timeout: "2 minutes" },
        )
      const hurt = yield* Effect.forkChild(wait("model_bad"))
      const others = yield* Effect.forEach(Array.from({ length: 5 }), () =>
        Effect.forkChild(wait("model_good")),
      )
      for (const other of others) assert.deepStrictEqual((yield* Fiber.join(other)).assetIds, ["asset_1"])
      const exit = yield* Fiber.await(hurt)
      // The watcher goes on for waits that come later.
      assert.deepStrictEqual((yield* wait("model_good")).assetIds, ["asset_1"])
      return exit
    }).pipe(Effect.provide(layer)),
  ).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => messages.push(message))])))

const isInjected = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isFailure(exit) && Cause.squash(exit.cause) === injected

describe("a defect in the watcher", () => {
  it.effect("in planning one wait ends that wait, and the others go on", () =>
    Effect.gen(function* () {
      const messages: Array<unknown> = []
      let plans = 0
      const layer = withWatcher({
        history: (history) => ({
          ...history,
          // The first plan is made in the caller's own fiber, the next by the watcher.
          expect: (job) => (job.modelId === "model_bad" && plans++ > 0 ? broken() : history.expect(job)),
        }),
      })
      assert.isTrue(isInjected(yield* waitForAll(layer, messages)))
      assert.isAbove(messages.length, 0)
    }),
  )

  it.effect("in the first plan of a wait ends that wait", () =>
    Effect.gen(function* () {
      const layer = withWatcher({
        history: (history) => ({
          ...history,
          expect: (job) => (job.modelId === "model_bad" ? broken() : history.expect(job)),
        }),
      })
      assert.isTrue(isInjected(yield* waitForAll(layer, [])))
    }),
  )

  it.effect("in learning a duration costs no result, and is logged", () =>
    Effect.gen(function* () {
      const messages: Array<unknown> = []
      const layer = withWatcher({ history: (history) => ({ ...history, learn: broken }) })
      assert.isTrue(Exit.isSuccess(yield* waitForAll(layer, messages)))
      assert.isAbove(messages.length, 0)
    }),
  )

  it.effect("in a request costs no wait but those of its job", () =>
    Effect.gen(function* () {
      let requests = 0
      const layer = withWatcher({
        http: (http) => ({
          ...http,
          callFor: (call, read) => (requests++ === 0 ? Effect.die(injected) : http.callFor(call, read)),
        }),
      })
      const exit = yield* waitForAll(layer, [])
      assert.isTrue(Exit.isSuccess(exit) || isInjected(exit))
    }),
  )

  it.effect("that a service throws when it is called costs no wait but those of its job", () =>
    Effect.gen(function* () {
      let requests = 0
      const layer = withWatcher({
        http: (http) => ({
          ...http,
          callFor: (call, read) => (requests++ === 0 ? broken() : http.callFor(call, read)),
        }),
      })
      const exit = yield* waitForAll(layer, [])
      assert.isTrue(Exit.isSuccess(exit) || isInjected(exit))
    }),
  )

  it.effect("in reading the clock after a poll costs no wait", () =>
    Effect.gen(function* () {
      let reads = 0
      const layer = withWatcher({
        http: (http) => ({
          ...http,
          // The watcher reads it once when it begins, and once for each new wait.
          serverTime: Effect.suspend(() => (reads++ === 7 ? Effect.die(injected) : http.serverTime)),
        }),
      })
      assert.isTrue(Exit.isSuccess(yield* waitForAll(layer, [])))
    }),
  )
})
