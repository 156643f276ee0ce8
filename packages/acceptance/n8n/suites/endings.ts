import { setTimeout as sleep } from "node:timers/promises"
import { assert, it } from "vitest"
import { getError, getOutput, expectPaid, signIn, type World } from "../realN8n.ts"
import { assertFiles } from "./generating.ts"
import { byId, inputs, scenarioNode, type WorkflowNode, makeWorkflow } from "../Workflow.ts"

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
  it("fails with the job, the reason, and what to do, at the failed item", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 2_000, outcome: "success" })
    simulator.planNextJob({
      durationMs: 2_000,
      outcome: "failure",
      error: "Out of paint",
      hint: "Use less red.",
    })
    const execution = await expectPaid(world(), 2, () =>
      api.run(makeWorkflow("failure", rows(2), draw({ concurrency: 1 }))),
    )
    assert.strictEqual(execution.status, "error")
    const error = getError(execution)
    assert.match(error?.message ?? "", /^Job job_\w+ failed: Out of paint\.$/)
    assert.match(error?.description ?? "", /compute units were (not )?refunded\. Use less red\.$/)
    assert.strictEqual(error?.context?.itemIndex, 1)
  })

  it("finishes the other items if the node continues on errors", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 2_000 })
    simulator.planNextJob({ durationMs: 2_000, outcome: "failure", error: "Out of paint" })
    const execution = await expectPaid(world(), 3, () =>
      api.run(makeWorkflow("goes-on", rows(3), draw({ concurrency: 1 }, goesOn))),
    )
    const items = getOutput(execution)
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

  it("reports invalid inputs before anything is paid", async () => {
    const { api } = world()
    const node = scenarioNode({
      resource: "generation",
      operation: "generate",
      modelId: byId("model_canvas-image-2"),
      mode: "",
      inputs: inputs({ prompt: "a house", numOutputs: 99, colour: "red" }),
    })
    const execution = await expectPaid(world(), 0, () => api.run(makeWorkflow("wrong", rows(1), node)))
    assert.strictEqual(getError(execution)?.message, "The input is not valid, and nothing was submitted.")
    assert.match(
      getError(execution)?.description ?? "",
      /numOutputs: Expected a whole number from 1 to 10, got 99\./,
    )
    assert.match(getError(execution)?.description ?? "", /colour: Unknown input\./)
  })

  it("lists a model's modes in the error if none is selected", async () => {
    const { api } = world()
    const node = scenarioNode({
      resource: "generation",
      operation: "generate",
      // A list entry without the mark hides Mode, and n8n drops the value of a hidden field.
      modelId: { __rl: true, mode: "list", value: "model_flux-1-dev", cachedResultName: "Flux" },
      mode: "txt2img",
      inputs: inputs({ prompt: "a house" }),
    })
    const execution = await expectPaid(world(), 0, () => api.run(makeWorkflow("no-mode", rows(1), node)))
    assert.strictEqual(getError(execution)?.message, "model_flux-1-dev needs a mode, and none is selected.")
    assert.match(getError(execution)?.description ?? "", /^Select one in the Mode field \(txt2img, /)
  })

  it("names the missing file and the item's files", async () => {
    const { api } = world()
    const node = scenarioNode({
      resource: "image",
      operation: "upscale",
      inputs: inputs({ image: "picture" }),
    })
    const execution = await expectPaid(world(), 0, () => api.run(makeWorkflow("no-file", rows(1), node)))
    assert.strictEqual(
      getError(execution)?.message,
      'The input item has no file named "picture" (it has no files).',
    )
  })

  it("starts nothing if the price is above Maximum Cost", async () => {
    const { api } = world()
    const execution = await expectPaid(world(), 0, () =>
      api.run(makeWorkflow("expensive", rows(1), draw({ maxCost: 1 }))),
    )
    assert.match(
      getError(execution)?.message ?? "",
      /would cost 5.25 compute units, more than the Maximum Cost of 1/,
    )
  })

  it("names the running job after a timeout, or returns it unfinished", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 60_000 })
    const failed = await expectPaid(world(), 1, () =>
      api.run(makeWorkflow("time-up", rows(1), draw({ timeoutMinutes: 0.01 }))),
    )
    assert.match(getError(failed)?.message ?? "", /^Job job_\w+ did not finish within 0\.\d s/)
    assert.match(
      getError(failed)?.description ?? "",
      /keeps running and is charged\. Use AI Generation: Wait with this job ID/,
    )
    simulator.planNextJob({ durationMs: 60_000 })
    const returned = await expectPaid(world(), 1, () =>
      api.run(makeWorkflow("unfinished", rows(1), draw({ timeoutMinutes: 0.01, onTimeout: "return" }))),
    )
    const [item] = getOutput(returned)
    assert.strictEqual(item?.json["isFinished"], false)
    assert.match(String(item?.json["jobId"]), /^job_/)
  })

  it("reports a rejected credential without its secret", async () => {
    const { api, simulator } = world()
    simulator.faults.next("unauthorized", { times: 20 })
    const execution = await expectPaid(world(), 0, () => api.run(makeWorkflow("refused", rows(1), draw())))
    simulator.faults.clear()
    assert.match(getError(execution)?.message ?? "", /^Scenario does not accept the API key and secret/)
    assert.notInclude(JSON.stringify(execution), simulator.apiSecret)
  })

  it("reports a job that was canceled", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 2_000, outcome: "canceled" })
    const execution = await expectPaid(world(), 1, () => api.run(makeWorkflow("canceled", rows(1), draw())))
    assert.match(getError(execution)?.message ?? "", /^Job job_\w+ was canceled\.$/)
    assert.strictEqual(getError(execution)?.description, "Run the node again if you still want the result.")
  })

  it("reports a base URL that can't be reached", async () => {
    const { api } = world()
    await signIn(world(), { baseUrl: "http://127.0.0.1:9/v1" })
    const execution = await api.run(makeWorkflow("unreachable", rows(1), draw()))
    await signIn(world())
    assert.strictEqual(getError(execution)?.message, "Scenario can't be reached: the connection was refused.")
    assert.match(
      getError(execution)?.description ?? "",
      /^Check the network and the Base URL of the credential/,
    )
  }, 60_000)

  it("stops polling at once when the execution is stopped, and leaves the job running", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 200_000 })
    await expectPaid(world(), 1, async () => {
      const paid = simulator.ledger().paidJobs
      const executionId = await api.start(makeWorkflow("stopped", rows(1), draw()))
      while (simulator.ledger().paidJobs === paid) await sleep(50)
      await sleep(300)
      await api.stop(executionId)
      const { status } = await api.waitForEnd(executionId)
      assert.strictEqual(status, "canceled")
      const requests = simulator.requests().length
      await sleep(3_000)
      assert.strictEqual(simulator.requests().length, requests)
    })
  })

  it("pays once when n8n retries a node whose wait timed out", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 80_000 })
    const retrying = { retryOnFail: true, maxTries: 5, waitBetweenTries: 100 }
    const execution = await expectPaid(world(), 2, () =>
      api.run(makeWorkflow("retry", rows(2), draw({ timeoutMinutes: 0.03 }, retrying))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(execution.runs))
    assert.strictEqual(getOutput(execution).length, 2)
  })

  it("starts only the failed job again when n8n retries a node with several items", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 40_000 })
    simulator.planNextJob({ durationMs: 2_000, outcome: "failure", error: "Out of paint" })
    simulator.planNextJob({ durationMs: 40_000 })
    const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 }
    const execution = await expectPaid(world(), 4, () =>
      api.run(makeWorkflow("one-of-three", rows(3), draw({}, retrying))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
    const paidFor = simulator.ledger().entries.slice(-4)
    // Any of the three may fail; only the failed one is submitted twice.
    assert.sameMembers(
      [...new Set(paidFor.map(({ body }) => Object(body)["prompt"]))],
      ["row 0", "row 1", "row 2"],
    )
    const jobs = getOutput(execution).map(({ json }) => json["jobId"])
    assert.strictEqual(new Set(jobs).size, 3)
    assert.includeMembers(
      paidFor.map(({ jobId }) => jobId),
      jobs,
    )
  })

  it("pays again on a retry if Reuse Jobs on Retry is off", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 80_000 })
    const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 }
    const options = { timeoutMinutes: 0.03, reuseJobs: false }
    const execution = await expectPaid(world(), 2, () =>
      api.run(makeWorkflow("no-reuse", rows(1), draw(options, retrying))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
  })

  it("starts a new job when n8n retries a failed one", async () => {
    const { api, simulator } = world()
    simulator.planNextJob({ durationMs: 1_000, outcome: "failure", error: "Out of paint" })
    const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 }
    const execution = await expectPaid(world(), 2, () =>
      api.run(makeWorkflow("again", rows(1), draw({}, retrying))),
    )
    assert.strictEqual(execution.status, "success")
  })

  it("does not submit again if Scenario may have accepted the first submit", async () => {
    const { api, simulator } = world()
    simulator.faults.next("lost-response")
    const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 }
    const execution = await expectPaid(world(), 1, () =>
      api.run(makeWorkflow("uncertain", rows(1), draw({}, retrying))),
    )
    assert.match(
      getError(execution)?.message ?? "",
      /^Scenario may have started this generation, but its response was lost/,
    )
  }, 60_000)

  it("starts a new job in each round of a loop, even with equal inputs", async () => {
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
    const workflow = makeWorkflow("loop", alike, loop, draw())
    const connections = {
      Start: { main: [[{ node: "Loop", type: "main", index: 0 }]] },
      Loop: { main: [[], [{ node: "Scenario", type: "main", index: 0 }]] },
      Scenario: { main: [[{ node: "Loop", type: "main", index: 0 }]] },
    }
    const execution = await expectPaid(world(), 2, () => api.run({ ...workflow, connections }))
    assert.strictEqual(execution.runs["Scenario"]?.length, 2)
    // A retried round doesn't affect the next one.
    simulator.planNextJob({ durationMs: 1_000, outcome: "failure", error: "Out of paint" })
    const retried = { ...draw(), retryOnFail: true, maxTries: 2, waitBetweenTries: 100 }
    const nodes = workflow.nodes.map((node) => (node.name === "Scenario" ? retried : node))
    const again = await expectPaid(world(), 3, () =>
      api.run({ ...workflow, id: "loop-retried----", nodes, connections }),
    )
    assert.strictEqual(again.status, "success", JSON.stringify(getError(again)))
  })

  it("waits out both kinds of 429, and resumes an interrupted download", async () => {
    const { api, simulator } = world()
    // A 429 halves the request budget: each project has its own.
    await signIn(world(), { projectId: simulator.projectId })
    simulator.faults.next("rate-limited", { retryAfterSeconds: 1 })
    simulator.faults.next("concurrency-limited")
    simulator.faults.next("truncated-body", { origin: "cdn", afterBytes: 1_000 })
    const execution = await expectPaid(world(), 2, () => api.run(makeWorkflow("limits", rows(2), draw())))
    assert.strictEqual(execution.status, "success", JSON.stringify(execution.runs))
    for (const item of getOutput(execution)) await assertFiles(world(), item)
  }, 60_000)
}
