import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Jobs } from "../src/watch/Jobs.ts"
import { SettableClock } from "./support/SettableClock.ts"
import { simulate } from "./support/simulation.ts"

const hour = 3_600_000

describe("a wait, when the machine's clock", () => {
  it.effect("is set back by an hour, sees the end as soon as before", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over }, (simulator) =>
      Effect.gen(function* () {
        const begun = simulator.now()
        const jobId = simulator.addJob({ durationMs: 60_000 })
        const waiting = yield* Effect.forkChild(Jobs.use((jobs) => jobs.waitFor(jobId)))
        yield* Effect.sleep("20 seconds")
        clock.setBy(-hour)
        yield* Fiber.join(waiting)
        assert.isAtMost(simulator.now() - begun, 70_000)
      }),
    )
  })

  it.effect("is set back by an hour, still ends when its time is up", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over }, (simulator) =>
      Effect.gen(function* () {
        const begun = simulator.now()
        const jobId = simulator.addJob({ durationMs: 10 * hour })
        const waiting = yield* Effect.forkChild(
          Effect.flip(Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "2 minutes" }))),
        )
        yield* Effect.sleep("1 minute")
        clock.setBy(-hour)
        assert.strictEqual((yield* Fiber.join(waiting))._tag, "WaitTimedOut")
        assert.approximately(simulator.now() - begun, 120_000, 5_000)
      }),
    )
  })

  it.effect("has slept past the deadline, looks once more, and finds the job finished", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over }, (simulator) =>
      Effect.gen(function* () {
        const jobId = simulator.addJob({ durationMs: 300_000 })
        const waiting = yield* Effect.forkChild(
          Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "10 minutes" })),
        )
        yield* Effect.sleep("1 minute")
        yield* Effect.promise(() => simulator.advance(hour))
        clock.setBy(hour)
        const finished = yield* Fiber.join(waiting)
        assert.strictEqual(finished.snapshot.status, "success")
      }),
    )
  })

  it.effect("has slept in a fleet, sees all that ended meanwhile within seconds", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over, requestsPerMinute: 100 }, (simulator) =>
      Effect.gen(function* () {
        const jobs = yield* Jobs
        const jobIds = Array.from({ length: 60 }, () => simulator.addJob({ durationMs: 120_000 }))
        const waiting = yield* Effect.forkChild(
          Effect.forEach(jobIds, (jobId) => jobs.waitFor(jobId), { concurrency: "unbounded" }),
        )
        yield* Effect.sleep("30 seconds")
        yield* Effect.promise(() => simulator.advance(hour / 4))
        clock.setBy(hour / 4)
        const woken = simulator.now()
        assert.lengthOf(yield* Fiber.join(waiting), 60)
        assert.isAtMost(simulator.now() - woken, 60_000)
        assert.deepStrictEqual(
          simulator.requests().filter(({ status }) => status === 429),
          [],
        )
      }),
    )
  })
})
