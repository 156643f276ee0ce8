import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Stream } from "effect"
import type { Job } from "../src/api/Job.ts"
import { Workflows } from "../src/account/Workflows.ts"
import { Generations } from "../src/submit/Generations.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { simulatedTest } from "./support/simulation.ts"

const run = (workflow: string) =>
  Generations.use((generations) => generations.submit({ workflow, inputs: { prompt: "a red house" } }))

/** Polls until a step waits for a person, and returns its ID. */
const waitForStep = (jobId: string, type: string) =>
  Effect.gen(function* () {
    const jobs = yield* Jobs
    const findStep = (job: Job) =>
      job.steps.find((step) => step.type === type && step.status === "processing")
    for (let polls = 0; polls < 60; polls++) {
      const step = findStep(yield* jobs.get(jobId))
      if (step !== undefined) return step.stepId
      yield* Effect.sleep("2 seconds")
    }
    return assert.fail("no step waits")
  })

describe("workflows", () => {
  simulatedTest("are listed with the given filter, and read with their inputs", function* (simulator) {
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
  })

  simulatedTest("end a wait at a step that needs approval, if stopAtApproval is set", function* () {
    const { job } = yield* run("wflow_approved-poster")
    const jobs = yield* Jobs
    const begunAt = yield* Clock.currentTimeMillis
    const late = yield* Effect.flip(jobs.waitFor(job, { stopAtApproval: true, timeout: "1 hour" }))
    assert.deepInclude(late, { _tag: "WaitTimedOut", awaitingApproval: ["approval"] })
    assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 60_000)
    const again = yield* Effect.flip(jobs.waitFor(job, { stopAtApproval: true }))
    assert.deepInclude(again, { awaitingApproval: ["approval"] })
  })

  simulatedTest("continue after a waiting step is approved", function* (simulator) {
    const { job } = yield* run("wflow_approved-poster")
    const stepId = yield* waitForStep(job.jobId, "user-approval")
    const workflows = yield* Workflows
    yield* workflows.approve(job, stepId)
    const jobs = yield* Jobs
    assert.isAbove((yield* jobs.waitFor(job)).assetIds.length, 0)
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("mark a step as rejected after it is rejected", function* () {
    const { job } = yield* run("wflow_approved-poster")
    const stepId = yield* waitForStep(job.jobId, "user-approval")
    const workflows = yield* Workflows
    const updated = yield* workflows.reject(job, stepId)
    assert.strictEqual(updated.steps.find((step) => step.stepId === stepId)?.status, "rejected")
  })

  simulatedTest("continue with the selected results", function* (simulator) {
    const { job } = yield* run("wflow_pick-one")
    const stepId = yield* waitForStep(job.jobId, "user-selection")
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
  })

  simulatedTest("reject a job that isn't a workflow, and invalid selections", function* (simulator) {
    const workflows = yield* Workflows
    yield* expectFailure(workflows.approve(simulator.addJob(), "approval"), "InvalidInput")
    assert.strictEqual(simulator.requests().length, 1)
    for (const indices of [[], [-1], [0.5]]) {
      yield* expectFailure(workflows.select("job_1", "choice", indices), "InvalidInput")
    }
    assert.strictEqual(simulator.requests().length, 1)
  })
})
