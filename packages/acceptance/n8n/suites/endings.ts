import { setTimeout as sleep } from "node:timers/promises"
import { assert, it } from "vitest"
import { errorOf, outputOf, paying, signIn, type World } from "../realN8n.ts"
import { assertFiles } from "./generating.ts"
import { byId, inputs, scenarioNode, type WorkflowNode, workflowOf } from "../Workflow.ts"

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ json: { prompt: `row ${index}` } }))

const draw = (options: object = {}, settings: Partial<WorkflowNode> = {}) =>
  scenarioNode(
    {
      resource: "generation",
      operation: "generate",
      modelId: byId("model_canvas-image-2"),
      mode: "",
      inputs: inputs({ prompt: "={{ $json.prompt }}" }),
      options,
    },
    settings,
  )

const goesOn = { onError: "continueRegularOutput" }

export const endings = (world: () => World): void => {
  it("fails with the job, the reason and what to do, at the item that failed", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 2_000, outcome: "success" })
    simulator.planNextJob({
      durationMs: 2_000,
      outcome: "failure",
      error: "Out of paint",
      hint: "Use less red.",
    })
    const execution = await paying(world(), 2, () =>
      api.run(workflowOf("failure", rows(2), draw({ concurrency: 1 }))),
    )
    assert.strictEqual(execution.status, "error")
    const error = errorOf(execution)
    assert.match(error?.message ?? "", /^Job job_\w+ failed: Out of paint\.$/)
    assert.match(error?.description ?? "", /compute units were (not )?given back\. Use less red\.$/)
    assert.strictEqual(error?.context?.itemIndex, 1)
  })

  it("lets the other items be, where the node is to go on", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 2_000 })
    simulator.planNextJob({ durationMs: 2_000, outcome: "failure", error: "Out of paint" })
    const execution = await paying(world(), 3, () =>
      api.run(workflowOf("goes-on", rows(3), draw({ concurrency: 1 }, goesOn))),
    )
    const items = outputOf(execution)
    assert.deepStrictEqual(
      items.map(({ json, binary }) => [Object(json["details"]).kind, binary !== undefined]),
      [
        [undefined, true],
        ["JobFailed", false],
        [undefined, true],
      ],
    )
    assert.match(String(Object(items[1]?.json["details"]).jobId), /^job_/)
    assert.deepStrictEqual(items[1]?.pairedItem, { item: 1 })
  })

  it("finds wrong inputs before anything is paid", async () => {
    const { api } = world()
    const node = scenarioNode({
      resource: "generation",
      operation: "generate",
      modelId: byId("model_canvas-image-2"),
      mode: "",
      inputs: inputs({ prompt: "a house", numOutputs: 99, colour: "red" }),
    })
    const execution = await paying(world(), 0, () => api.run(workflowOf("wrong", rows(1), node)))
    assert.strictEqual(errorOf(execution)?.message, "The input is not valid, and nothing was sent.")
    assert.match(
      errorOf(execution)?.description ?? "",
      /numOutputs: expected a whole number from 1 to 10, got 99/,
    )
    assert.match(errorOf(execution)?.description ?? "", /colour: expected no input of this name/)
  })

  it("says which modes there are, where a model needs one", async () => {
    const { api } = world()
    const node = scenarioNode({
      resource: "generation",
      operation: "generate",
      // As the list names a model that has inputs of its own: n8n hides Mode, and drops what it holds.
      modelId: { __rl: true, mode: "list", value: "model_flux-1-dev", cachedResultName: "Flux" },
      mode: "txt2img",
      inputs: inputs({ prompt: "a house" }),
    })
    const execution = await paying(world(), 0, () => api.run(workflowOf("no-mode", rows(1), node)))
    assert.strictEqual(errorOf(execution)?.message, "model_flux-1-dev needs a mode, and none is selected.")
    assert.match(errorOf(execution)?.description ?? "", /^Select one in the Mode field \(txt2img, /)
  })

  it("names the file that an item does not have", async () => {
    const { api } = world()
    const node = scenarioNode({
      resource: "image",
      operation: "upscale",
      inputs: inputs({ image: "picture" }),
    })
    const execution = await paying(world(), 0, () => api.run(workflowOf("no-file", rows(1), node)))
    assert.strictEqual(
      errorOf(execution)?.message,
      'The input item has no file named "picture" (it has no files).',
    )
  })

  it("asks for the price first, where there is a limit", async () => {
    const { api } = world()
    const execution = await paying(world(), 0, () =>
      api.run(workflowOf("dear", rows(1), draw({ maxCost: 1 }))),
    )
    assert.match(errorOf(execution)?.message ?? "", /would cost 5.25 compute units, more than the limit of 1/)
  })

  it("says what still runs when time is up, or returns the unfinished job", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 60_000 })
    const failed = await paying(world(), 1, () =>
      api.run(workflowOf("time-up", rows(1), draw({ timeoutMinutes: 0.01 }))),
    )
    assert.match(errorOf(failed)?.message ?? "", /^Job job_\w+ had not ended after 0\.\d s/)
    assert.match(errorOf(failed)?.description ?? "", /still runs and is billed/)
    simulator.planNextJob({ durationMs: 60_000 })
    const returned = await paying(world(), 1, () =>
      api.run(workflowOf("unfinished", rows(1), draw({ timeoutMinutes: 0.01, whenTimeIsUp: "return" }))),
    )
    const [item] = outputOf(returned)
    assert.strictEqual(item?.json["isFinished"], false)
    assert.match(String(item?.json["jobId"]), /^job_/)
  })

  it("says so when Scenario does not accept the credential, and keeps the secret to itself", async () => {
    const { api, simulator } = world()
    simulator.faults.next("unauthorized", { times: 20 })
    const execution = await paying(world(), 0, () => api.run(workflowOf("refused", rows(1), draw())))
    simulator.faults.clear()
    assert.match(errorOf(execution)?.message ?? "", /^Scenario does not accept the API key and secret/)
    assert.notInclude(JSON.stringify(execution), simulator.apiSecret)
  })

  it("says so when somebody has canceled the job", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 2_000, outcome: "canceled" })
    const execution = await paying(world(), 1, () => api.run(workflowOf("canceled", rows(1), draw())))
    assert.match(errorOf(execution)?.message ?? "", /^Job job_\w+ was canceled\.$/)
    assert.strictEqual(errorOf(execution)?.description, "Submit it again if you still want the result.")
  })

  it("says so when nobody answers at the base URL", async () => {
    const { api } = world()
    await signIn(world(), { baseUrl: "http://127.0.0.1:9/v1" })
    const execution = await api.run(workflowOf("nobody", rows(1), draw()))
    await signIn(world())
    assert.strictEqual(errorOf(execution)?.message, "Scenario cannot be reached: the connection was refused.")
    assert.match(errorOf(execution)?.description ?? "", /^Check the network and the base URL/)
  }, 60_000)

  it("stops looking at once when the execution is stopped; the job goes on", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 200_000 })
    await paying(world(), 1, async () => {
      const paid = simulator.ledger().paidJobs
      const executionId = await api.begin(workflowOf("stopped", rows(1), draw()))
      while (simulator.ledger().paidJobs === paid) await sleep(50)
      await sleep(300)
      await api.stop(executionId)
      const { status } = await api.ended(executionId)
      assert.strictEqual(status, "canceled")
      const requests = simulator.requests().length
      await sleep(3_000)
      assert.strictEqual(simulator.requests().length, requests)
    })
  })

  it("pays once when n8n retries a node whose wait had ended", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 80_000 })
    const retrying = { retryOnFail: true, maxTries: 5, waitBetweenTries: 100 }
    const execution = await paying(world(), 2, () =>
      api.run(workflowOf("retry", rows(2), draw({ timeoutMinutes: 0.03 }, retrying))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(execution.runs))
    assert.strictEqual(outputOf(execution).length, 2)
  })

  it("starts anew what has failed, and nothing beside it, when n8n retries a node of several items", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 40_000 })
    simulator.planNextJob({ durationMs: 2_000, outcome: "failure", error: "Out of paint" })
    simulator.planNextJob({ durationMs: 40_000 })
    const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 }
    const execution = await paying(world(), 4, () =>
      api.run(workflowOf("one-of-three", rows(3), draw({}, retrying))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution)))
    const paidFor = simulator.ledger().entries.slice(-4)
    // Which of the three has failed is chance; it alone is there twice.
    assert.sameMembers(
      [...new Set(paidFor.map(({ body }) => Object(body)["prompt"]))],
      ["row 0", "row 1", "row 2"],
    )
    const jobs = outputOf(execution).map(({ json }) => json["jobId"])
    assert.strictEqual(new Set(jobs).size, 3)
    assert.includeMembers(
      paidFor.map(({ jobId }) => jobId),
      jobs,
    )
  })

  it("pays again at a retry where the reuse of jobs is switched off", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 80_000 })
    const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 }
    const options = { timeoutMinutes: 0.03, reuseStartedJob: false }
    const execution = await paying(world(), 2, () =>
      api.run(workflowOf("no-reuse", rows(1), draw(options, retrying))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution)))
  })

  it("starts another job when n8n retries one that has failed", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 1_000, outcome: "failure", error: "Out of paint" })
    const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 }
    const execution = await paying(world(), 2, () =>
      api.run(workflowOf("again", rows(1), draw({}, retrying))),
    )
    assert.strictEqual(execution.status, "success")
  })

  it("does not submit again where it is open whether the first submit was taken", async () => {
    const { api, simulator } = world()
    simulator.faults.next("lost-response")
    const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 }
    const execution = await paying(world(), 1, () =>
      api.run(workflowOf("uncertain", rows(1), draw({}, retrying))),
    )
    assert.match(errorOf(execution)?.message ?? "", /^It is uncertain whether the generation sent at/)
  }, 60_000)

  it("starts a new job in each round of a loop, also where the rounds are alike", async () => {
    const { api, simulator } = world()
    const loop: WorkflowNode = {
      id: "loop",
      name: "Loop",
      type: "n8n-nodes-base.splitInBatches",
      typeVersion: 3,
      position: [200, 0],
      parameters: { batchSize: 1 },
    }
    const alike = [{ json: { prompt: "the same" } }, { json: { prompt: "the same" } }]
    const workflow = workflowOf("loop", alike, loop, draw())
    const connections = {
      Start: { main: [[{ node: "Loop", type: "main", index: 0 }]] },
      Loop: { main: [[], [{ node: "Scenario", type: "main", index: 0 }]] },
      Scenario: { main: [[{ node: "Loop", type: "main", index: 0 }]] },
    }
    const execution = await paying(world(), 2, () => api.run({ ...workflow, connections }))
    assert.strictEqual(execution.runs["Scenario"]?.length, 2)
    // A round that was retried leaves nothing behind for the next one either.
    simulator.planNextJob({ durationMs: 1_000, outcome: "failure", error: "Out of paint" })
    const retried = { ...draw(), retryOnFail: true, maxTries: 2, waitBetweenTries: 100 }
    const nodes = workflow.nodes.map((node) => (node.name === "Scenario" ? retried : node))
    const again = await paying(world(), 3, () =>
      api.run({ ...workflow, id: "loop-retried----", nodes, connections }),
    )
    assert.strictEqual(again.status, "success", JSON.stringify(errorOf(again)))
  })

  it("waits out 429 of both kinds, and takes up a file that breaks off", async () => {
    const { api, simulator } = world()
    // A 429 halves the request budget: each project has its own.
    await signIn(world(), { projectId: simulator.projectId })
    simulator.faults.next("rate-limited", { retryAfterSeconds: 1 })
    simulator.faults.next("concurrency-limited")
    simulator.faults.next("truncated-body", { origin: "cdn", afterBytes: 1_000 })
    const execution = await paying(world(), 2, () => api.run(workflowOf("limits", rows(2), draw())))
    assert.strictEqual(execution.status, "success", JSON.stringify(execution.runs))
    for (const item of outputOf(execution)) await assertFiles(world(), item)
  }, 60_000)
}
