import { setTimeout as sleep } from "node:timers/promises"
import { assert, it } from "vitest"
import { errorOf, outputOf, paying, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, workflowOf } from "../Workflow.ts"

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
    world().api.run(workflowOf(`apps-${runs++}`, [{ json: {} }], scenarioNode(parameters)))

  /** A run of the poster that has come to the step where a person decides. */
  const waitingPoster = async () => {
    const { api, simulator } = world()
    const paid = simulator.ledger().paidJobs
    const executionId = await api.begin(
      workflowOf(`poster-${runs++}`, [{ json: {} }], running("wflow_approved-poster", "a fair")),
    )
    while (simulator.ledger().paidJobs === paid) await sleep(50)
    const jobId = simulator.ledger().entries.at(-1)?.jobId
    const state = () => JSON.stringify(simulator.jobs().find((job) => job["jobId"] === jobId))
    while (!/"type":"user-approval","modelId":"[^"]*","status":"processing"/.test(state())) await sleep(100)
    return { executionId, jobId }
  }

  it("runs a workflow, and lists what can be run", async () => {
    const execution = await paying(world(), 1, () =>
      world().api.run(workflowOf("sprite", [{ json: {} }], running("wflow_sprite-sheet", "a knight"))),
    )
    assert.isTrue(Array.isArray(outputOf(execution)[0]?.json["assets"]))
    const listed = await execute({ resource: "workflow", operation: "getMany", returnAll: true })
    assert.include(
      outputOf(listed).map(({ json }) => json["name"]),
      "Sprite",
    )
  })

  it("approves the step that waits, and the run goes on to its picture", async () => {
    await paying(world(), 1, async () => {
      const { executionId, jobId } = await waitingPoster()
      const approved = await execute({ resource: "workflow", operation: "approve", jobId, nodeId: "" })
      assert.strictEqual(approved.status, "success", JSON.stringify(errorOf(approved)))
      const execution = await world().api.ended(executionId)
      assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution)))
      assert.isNotEmpty(outputOf(execution)[0]?.binary)
    })
  })

  it("rejects the step that waits, and whoever waits for the run is told", async () => {
    const { api, simulator } = world()
    await paying(world(), 1, async () => {
      const { executionId, jobId } = await waitingPoster()
      const rejected = await execute({ resource: "workflow", operation: "reject", jobId, nodeId: step })
      assert.strictEqual(rejected.status, "success", JSON.stringify(errorOf(rejected)))
      assert.include(outputOf(rejected)[0]?.json, { jobId, status: "canceled" })
      assert.deepInclude(simulator.requests().findLast(({ method }) => method === "PUT")?.body, {
        nodeId: step,
        workflowJobId: jobId,
        action: "reject",
      })
      const execution = await api.ended(executionId)
      assert.match(errorOf(execution)?.message ?? "", /^Job job_\w+ was canceled\.$/)
    })
  })

  it("says that no step waits, where none does", async () => {
    const jobId = world().simulator.addJob({ status: "success" })
    const execution = await execute({ resource: "workflow", operation: "approve", jobId, nodeId: "" })
    assert.strictEqual(errorOf(execution)?.message, `Job ${jobId} has no step waiting for approval.`)
  })
}
