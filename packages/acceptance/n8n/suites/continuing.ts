import { assert, it } from "vitest"
import { getError, getOutput, expectPaid, signIn, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, type WorkflowNode, makeWorkflow } from "../Workflow.ts"

const rows = ["one", "two", "three"].map((prompt) => ({ json: { prompt, row: prompt } }))

const draw = (options: object = {}, settings: Partial<WorkflowNode> = {}) =>
  scenarioNode(
    {
      resource: "generation",
      operation: "generate",
      modelId: byId("model_canvas-image-2"),
      mode: "",
      prompt: "={{ $json.prompt }}",
      inputs: inputs({}),
      options,
    },
    { onError: "continueErrorOutput", ...settings },
  )

const afterwards = (name: string): WorkflowNode => ({
  id: name,
  name,
  type: "n8n-nodes-base.noOp",
  typeVersion: 1,
  position: [440, 0],
  parameters: {},
})

/** A node whose two outputs are connected. */
const branching = (id: string, node: WorkflowNode) => {
  const workflow = makeWorkflow(id, rows, node)
  return {
    ...workflow,
    nodes: [...workflow.nodes, afterwards("Success"), afterwards("Error")],
    connections: {
      ...workflow.connections,
      [node.name]: {
        main: [[{ node: "Success", type: "main", index: 0 }], [{ node: "Error", type: "main", index: 0 }]],
      },
    },
  }
}

export const continuing = (world: () => World): void => {
  it("sends a failed item with its job and input to the error output, and the others to Success", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 2_000 })
    simulator.planNextJob({ durationMs: 2_000, outcome: "failure", error: "Out of paint" })
    const execution = await expectPaid(world(), 3, () =>
      api.run(branching("error-output", draw({ concurrency: 1 }))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
    const failed = getOutput(execution, "Error")
    assert.strictEqual(getOutput(execution, "Success").length, 2)
    assert.strictEqual(failed.length, 1)
    assert.match(String(failed[0]?.json["error"]), /^Job job_\w+ failed: Out of paint\./)
    assert.strictEqual(failed[0]?.json["row"], "two")
    const details = Object(failed[0]?.json["details"])
    assert.strictEqual(details.kind, "JobFailed")
    assert.match(details.jobId, /^job_/)
    assert.deepStrictEqual(getOutput(execution, "Scenario", 1)[0]?.pairedItem, { item: 1 })
  })

  it("names the candidates of a lost response in the error item", async () => {
    const { api, simulator } = world()
    simulator.faults.next("lost-response")
    const workflow = makeWorkflow(
      "candidates",
      rows.slice(0, 1),
      draw({}, { onError: "continueRegularOutput" }),
    )
    const execution = await expectPaid(world(), 1, () => api.run(workflow))
    const details = Object(getOutput(execution)[0]?.json["details"])
    assert.strictEqual(details.kind, "SubmitUncertain")
    assert.match(details.candidates?.[0]?.jobId ?? "", /^job_/)
  }, 60_000)

  it.each([
    ["a deleted credential", {}],
    ["an expression that fails in an option", { concurrency: "={{ $('Nowhere').item.json.x }}" }],
    ["an option that can't be read", { maxCost: "={{ '5 CU' }}" }],
  ])("sends every item to the error output because of %s, and none to Success", async (what, options) => {
    const { api } = world()
    if (what === "a deleted credential") await api.deleteCredential("scenarioApi")
    const execution = await expectPaid(world(), 0, () =>
      api.run(branching(`all-${what.length}`, draw(options))),
    )
    await signIn(world())
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
    assert.deepStrictEqual(getOutput(execution, "Success"), [])
    assert.deepStrictEqual(
      getOutput(execution, "Error").map(({ json }) => json["row"]),
      ["one", "two", "three"],
    )
  })

  it("returns a failed job from Job: Get without a retry by n8n", async () => {
    const { api, simulator } = world()
    const jobId = simulator.addJob({ status: "failure", ageMs: 60_000, durationMs: 50 })
    const before = simulator.requests().length
    const node = scenarioNode(
      { resource: "job", operation: "get", jobId },
      { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 },
    )
    const execution = await api.run(makeWorkflow("get-failed", [{ json: {} }], node))
    assert.strictEqual(execution.status, "success")
    assert.strictEqual(getOutput(execution)[0]?.json["status"], "failure")
    const gets = simulator
      .requests()
      .slice(before)
      .filter(({ path }) => path === `/v1/jobs/${jobId}`)
    assert.strictEqual(gets.length, 1)
  })
}
