import { setTimeout as sleep } from "node:timers/promises"
import { assert, it } from "vitest"
import { getError, getOutput, expectPaid, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, makeWorkflow } from "../Workflow.ts"

const step = "approval"

export const apps = (world: () => World): void => {
  let runs = 0
  const running = (workflowId: string, prompt: string) =>
    scenarioNode({
      resource: "workflow",
      operation: "run",
      workflowId: byId(workflowId),
      inputs: inputs({ prompt }),
    })
  const execute = (parameters: object) =>
    world().api.run(makeWorkflow(`apps-${runs++}`, [{ json: {} }], scenarioNode(parameters)))

  /** A run of the poster that waits at its approval step. */
  const waitingPoster = async () => {
    const { api, simulator } = world()
    const paid = simulator.ledger().paidJobs
    const executionId = await api.start(
      makeWorkflow(`poster-${runs++}`, [{ json: {} }], running("wflow_approved-poster", "a fair")),
    )
    while (simulator.ledger().paidJobs === paid) await sleep(50)
    const jobId = simulator.ledger().entries.at(-1)?.jobId
    const state = () => JSON.stringify(simulator.jobs().find((job) => job["jobId"] === jobId))
    while (!/"type":"user-approval","modelId":"[^"]*","status":"processing"/.test(state())) await sleep(100)
    return { executionId, jobId }
  }

  it("runs a workflow, and lists the workflows that can run", async () => {
    const execution = await expectPaid(world(), 1, () =>
      world().api.run(makeWorkflow("sprite", [{ json: {} }], running("wflow_sprite-sheet", "a knight"))),
    )
    assert.isTrue(Array.isArray(getOutput(execution)[0]?.json["assets"]))
    const listed = await execute({ resource: "workflow", operation: "getMany", returnAll: true })
    assert.include(
      getOutput(listed).map(({ json }) => json["name"]),
      "Sprite",
    )
  })

  it("approves the waiting step, after which the run returns its image", async () => {
    await expectPaid(world(), 1, async () => {
      const { executionId, jobId } = await waitingPoster()
      const approved = await execute({ resource: "workflow", operation: "approve", jobId, nodeId: "" })
      assert.strictEqual(approved.status, "success", JSON.stringify(getError(approved)))
      const execution = await world().api.waitForEnd(executionId)
      assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
      assert.isNotEmpty(getOutput(execution)[0]?.binary)
    })
  })

  it("rejects the waiting step, after which the run fails as canceled", async () => {
    const { api, simulator } = world()
    await expectPaid(world(), 1, async () => {
      const { executionId, jobId } = await waitingPoster()
      const rejected = await execute({ resource: "workflow", operation: "reject", jobId, nodeId: step })
      assert.strictEqual(rejected.status, "success", JSON.stringify(getError(rejected)))
      assert.include(getOutput(rejected)[0]?.json, { jobId, status: "canceled" })
      assert.deepInclude(simulator.requests().findLast(({ method }) => method === "PUT")?.body, {
        nodeId: step,
        workflowJobId: jobId,
        action: "reject",
      })
      const execution = await api.waitForEnd(executionId)
      assert.match(getError(execution)?.message ?? "", /^Job job_\w+ was canceled\.$/)
    })
  })

  it("fails to approve if no step is waiting", async () => {
    const jobId = world().simulator.addJob({ status: "success" })
    const execution = await execute({ resource: "workflow", operation: "approve", jobId, nodeId: "" })
    assert.strictEqual(getError(execution)?.message, `Job ${jobId} has no step waiting for approval.`)
  })
}
