import { assert, describe } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { Workflows } from "../src/account/Workflows.ts"
import type { JobOrId } from "../src/api/Job.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { simulatedTest } from "./support/simulation.ts"

const invalid: ReadonlyArray<readonly [string, unknown]> = [
  ["undefined", undefined],
  ["null", null],
  ["a number", 42],
  ["an empty ID", ""],
  ["an ID with a space", "job 1"],
  ["an ID with a slash", "job_1/../../models"],
  ["two dots", ".."],
  ["an object without an ID", {}],
  ["an object with a numeric date", { jobId: "job_1", submittedAt: 7 }],
]

describe("a job reference", () => {
  simulatedTest.each(invalid)(
    "that is %s is InvalidInput in every method, and no request is sent",
    function* (simulator, [, given]) {
      // JavaScript callers and stored data can contain any value.
      const job: JobOrId = JSON.parse("null") ?? given
      const jobs = yield* Jobs
      const workflows = yield* Workflows
      yield* expectFailure(jobs.get(job), "InvalidInput")
      yield* expectFailure(jobs.waitFor(job), "InvalidInput")
      yield* expectFailure(jobs.waitFor(job, { onUpdate: () => Effect.void }), "InvalidInput")
      yield* expectFailure(jobs.cancel(job), "InvalidInput")
      yield* expectFailure(Stream.runDrain(jobs.watch(job)), "InvalidInput")
      yield* expectFailure(workflows.approve(job, "step_1"), "InvalidInput")
      assert.deepStrictEqual(simulator.requests(), [])
    },
  )

  simulatedTest("from a database row times out as usual, and other waits continue", function* (simulator) {
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
    const error = yield* expectFailure(jobs.waitFor(row, { timeout: "10 seconds" }), "WaitTimedOut")
    assert.strictEqual(error.job.jobId, row.jobId)
    assert.deepStrictEqual((yield* Fiber.join(other)).assetIds, ["asset_1"])
  })
})
