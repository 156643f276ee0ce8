import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { Workflows } from "../src/account/Workflows.ts"
import type { JobOrId } from "../src/api/Job.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { simulate } from "./support/simulation.ts"

const wrong: ReadonlyArray<readonly [string, unknown]> = [
  ["undefined", undefined],
  ["null", null],
  ["a number", 42],
  ["an empty id", ""],
  ["an id with a blank", "job 1"],
  ["an id with a slash", "job_1/../../models"],
  ["two dots", ".."],
  ["an object without an id", {}],
  ["a numeric date", { jobId: "job_1", submittedAt: 7 }],
]

describe("a job reference", () => {
  it.effect.each(wrong)("that is %s is InvalidInput everywhere and never reaches the wire", ([, given]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        // What JavaScript callers and stored data can hold, whatever the types say.
        const job: JobOrId = JSON.parse("null") ?? given
        const jobs = yield* Jobs
        const workflows = yield* Workflows
        const errors = yield* Effect.all([
          Effect.flip(jobs.get(job)),
          Effect.flip(jobs.waitFor(job)),
          Effect.flip(jobs.waitFor(job, { onUpdate: () => Effect.void })),
          Effect.flip(jobs.cancel(job)),
          Effect.flip(Stream.runDrain(jobs.watch(job))),
          Effect.flip(workflows.approve(job, "step_1")),
        ])
        for (const error of errors) assert.strictEqual(error._tag, "InvalidInput")
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )

  it.effect("of a database row times out as usual, and the waits beside it go on", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobs = yield* Jobs
        const row = {
          jobId: simulator.addJob({ durationMs: 600_000 }),
          submittedAt: new Date(simulator.now()),
          modelId: null,
          workflowId: null,
        }
        const other = yield* Effect.forkChild(
          jobs.waitFor(simulator.addJob({ durationMs: 60_000, assetIds: ["asset_1"] })),
        )
        const error = yield* Effect.flip(jobs.waitFor(row, { timeout: "10 seconds" }))
        assert.strictEqual(error._tag, "WaitTimedOut")
        if (error._tag === "WaitTimedOut") assert.strictEqual(error.job.jobId, row.jobId)
        assert.deepStrictEqual((yield* Fiber.join(other)).assetIds, ["asset_1"])
      }),
    ),
  )
})
