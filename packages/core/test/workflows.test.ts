import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Stream } from "effect"
import type { Job } from "../src/api/Job.ts"
import { Workflows } from "../src/account/Workflows.ts"
import { Generations } from "../src/submit/Generations.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { simulate } from "./support/simulation.ts"

const run = (workflow: string) =>
  Generations.use((generations) => generations.submit({ workflow, inputs: { prompt: "a red house" } }))

/** The step that waits for somebody, once there is one. */
const standingStep = (jobId: string, type: string) =>
  Effect.gen(function* () {
    const jobs = yield* Jobs
    const stepIn = (job: Job) => job.steps.find((step) => step.type === type && step.status === "processing")
    for (let looks = 0; looks < 60; looks++) {
      const step = stepIn(yield* jobs.get(jobId))
      if (step !== undefined) return step.stepId
      yield* Effect.sleep("2 seconds")
    }
    return assert.fail("no step waits")
  })

describe("workflows", () => {
  it.effect("are listed by what was asked for, and had with their inputs", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const workflows = yield* Workflows
        const ready = yield* Stream.runCollect(workflows.list({ status: "ready" }))
        assert.isAbove(ready.length, 0)
        assert.isTrue(ready.every((workflow) => workflow.status === "ready"))
        const one = yield* workflows.get("wflow_approved-poster")
        assert.isTrue(one.inputs?.some((input) => input.name === "prompt"))
        assert.deepStrictEqual(
          one.nodes.map((node) => node.nodeId),
          ["sketch", "approval", "poster"],
        )
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("end a wait at once where somebody has to approve, if the caller wants that", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const { job } = yield* run("wflow_approved-poster")
        const jobs = yield* Jobs
        const begunAt = yield* Clock.currentTimeMillis
        const late = yield* Effect.flip(jobs.waitFor(job, { stopAtApproval: true, timeout: "1 hour" }))
        assert.deepInclude(late, { _tag: "WaitTimedOut", awaitingApproval: ["approval"] })
        assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 60_000)
        const again = yield* Effect.flip(jobs.waitFor(job, { stopAtApproval: true }))
        assert.deepInclude(again, { awaitingApproval: ["approval"] })
      }),
    ),
  )

  it.effect("go on when a waiting step is approved", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { job } = yield* run("wflow_approved-poster")
        const stepId = yield* standingStep(job.jobId, "user-approval")
        const workflows = yield* Workflows
        yield* workflows.approve(job, stepId)
        const jobs = yield* Jobs
        assert.isAbove((yield* jobs.waitFor(job)).assetIds.length, 0)
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("end when it is rejected", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const { job } = yield* run("wflow_approved-poster")
        const stepId = yield* standingStep(job.jobId, "user-approval")
        const workflows = yield* Workflows
        const seen = yield* workflows.reject(job, stepId)
        assert.strictEqual(seen.steps.find((step) => step.stepId === stepId)?.status, "rejected")
      }),
    ),
  )

  it.effect("go on with the results that were chosen", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { job } = yield* run("wflow_pick-one")
        const stepId = yield* standingStep(job.jobId, "user-selection")
        const workflows = yield* Workflows
        yield* workflows.select(job.jobId, stepId, [2])
        assert.deepStrictEqual(simulator.requests().at(-1)?.body, {
          nodeId: stepId,
          workflowJobId: job.jobId,
          action: "select",
          selectedIndices: [2],
        })
        const jobs = yield* Jobs
        assert.isAbove((yield* jobs.waitFor(job)).assetIds.length, 0)
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("have no step in another kind of job", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const workflows = yield* Workflows
        const error = yield* Effect.flip(workflows.approve(simulator.addJob(), "approval"))
        assert.strictEqual(error._tag, "InvalidInput")
        assert.strictEqual(simulator.requests().length, 1)
        for (const indices of [[], [-1], [0.5]]) {
          const refusal = yield* Effect.flip(workflows.select("job_1", "choice", indices))
          assert.strictEqual(refusal._tag, "InvalidInput")
        }
        assert.strictEqual(simulator.requests().length, 1)
      }),
    ),
  )
})
