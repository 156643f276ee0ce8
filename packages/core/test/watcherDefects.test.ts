import { assert, describe, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Cause, Effect, Exit, Fiber, Layer, Logger } from "effect"
import { DurationHistory } from "../src/durations/DurationHistory.ts"
import { JobListPages } from "../src/http/JobListPages.ts"
import { ScenarioHttp } from "../src/http/ScenarioHttp.ts"
import { Ceilings } from "../src/submit/Ceilings.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { JobWatcher } from "../src/watch/JobWatcher.ts"
import { simulate } from "./support/simulation.ts"

const injected = new Error("injected")
const broken = () => {
  throw injected
}

/** Jobs with its own watcher, over changed services of the account. */
const makeJobsLayer = (changes: {
  readonly history?: (history: DurationHistory["Service"]) => DurationHistory["Service"]
  readonly http?: (http: ScenarioHttp["Service"]) => ScenarioHttp["Service"]
}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const history = yield* DurationHistory
      const http = yield* ScenarioHttp
      return Layer.fresh(Jobs.layer).pipe(
        Layer.provide([Layer.fresh(JobWatcher.layer), Layer.fresh(Ceilings.layer)]),
        Layer.provide(Layer.fresh(JobListPages.layer)),
        Layer.provide([
          Layer.succeed(DurationHistory, changes.history?.(history) ?? history),
          Layer.succeed(ScenarioHttp, changes.http?.(http) ?? http),
        ]),
      )
    }),
  )

/** Waits for one affected job and for five others, which must succeed. Returns how the affected wait ended. */
const waitForAll = (layer: ReturnType<typeof makeJobsLayer>, messages: Array<unknown>) =>
  simulate({}, function* (simulator) {
    return yield* waitInSimulation(simulator).pipe(Effect.provide(layer))
  }).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => messages.push(message))])))

const waitInSimulation = Effect.fnUntraced(function* (simulator: Simulator) {
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
  const affected = yield* Effect.forkChild(wait("model_bad"))
  const others = yield* Effect.forEach(Array.from({ length: 5 }), () => Effect.forkChild(wait("model_good")))
  for (const other of others) assert.deepStrictEqual((yield* Fiber.join(other)).assetIds, ["asset_1"])
  const exit = yield* Fiber.await(affected)
  // The watcher still serves new waits.
  assert.deepStrictEqual((yield* wait("model_good")).assetIds, ["asset_1"])
  return exit
})

const isInjected = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isFailure(exit) && Cause.squash(exit.cause) === injected

describe("a defect in the watcher", () => {
  it.effect("in planning one wait ends only that wait", () =>
    Effect.gen(function* () {
      const messages: Array<unknown> = []
      let plans = 0
      const layer = makeJobsLayer({
        history: (history) => ({
          ...history,
          // The caller's fiber makes the first plan, and the watcher makes the next ones.
          expect: (job) => (job.modelId === "model_bad" && plans++ > 0 ? broken() : history.expect(job)),
        }),
      })
      assert.isTrue(isInjected(yield* waitForAll(layer, messages)))
      assert.isAbove(messages.length, 0)
    }),
  )

  it.effect("in the first plan of a wait ends only that wait", () =>
    Effect.gen(function* () {
      const layer = makeJobsLayer({
        history: (history) => ({
          ...history,
          expect: (job) => (job.modelId === "model_bad" ? broken() : history.expect(job)),
        }),
      })
      assert.isTrue(isInjected(yield* waitForAll(layer, [])))
    }),
  )

  it.effect("in learning a duration ends no wait, and is logged", () =>
    Effect.gen(function* () {
      const messages: Array<unknown> = []
      const layer = makeJobsLayer({ history: (history) => ({ ...history, learn: broken }) })
      assert.isTrue(Exit.isSuccess(yield* waitForAll(layer, messages)))
      assert.isAbove(messages.length, 0)
    }),
  )

  it.effect("in a request ends only the waits for its job", () =>
    Effect.gen(function* () {
      let requests = 0
      const layer = makeJobsLayer({
        http: (http) => ({
          ...http,
          callFor: (call, read) => (requests++ === 0 ? Effect.die(injected) : http.callFor(call, read)),
        }),
      })
      const exit = yield* waitForAll(layer, [])
      assert.isTrue(Exit.isSuccess(exit) || isInjected(exit))
    }),
  )

  it.effect("that a service throws when it is called ends only the waits for its job", () =>
    Effect.gen(function* () {
      let requests = 0
      const layer = makeJobsLayer({
        http: (http) => ({
          ...http,
          callFor: (call, read) => (requests++ === 0 ? broken() : http.callFor(call, read)),
        }),
      })
      const exit = yield* waitForAll(layer, [])
      assert.isTrue(Exit.isSuccess(exit) || isInjected(exit))
    }),
  )

  it.effect("in reading the clock after a poll ends no wait", () =>
    Effect.gen(function* () {
      let reads = 0
      const layer = makeJobsLayer({
        http: (http) => ({
          ...http,
          // The watcher reads the clock once at its start, and once for each new wait.
          serverTime: Effect.suspend(() => (reads++ === 7 ? Effect.die(injected) : http.serverTime)),
        }),
      })
      assert.isTrue(Exit.isSuccess(yield* waitForAll(layer, [])))
    }),
  )
})
