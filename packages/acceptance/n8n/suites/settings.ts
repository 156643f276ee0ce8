import { setTimeout as sleep } from "node:timers/promises"
import { assert, it } from "vitest"
import { getError, getOutput, expectPaid, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, type Workflow, makeWorkflow } from "../Workflow.ts"

const draw = (more: object = {}, options: object = {}) =>
  scenarioNode({
    resource: "generation",
    operation: "generate",
    modelId: byId("model_canvas-image-2"),
    mode: "",
    prompt: "a red house",
    inputs: inputs({}),
    options,
    ...more,
  })

/** A form as n8n stores it, whose schema requires an input. */
const demanding = (id: string, value: object) => ({
  ...inputs({ ...value }),
  schema: [
    {
      id,
      displayName: `${id} (required)`,
      required: false,
      defaultMatch: false,
      display: true,
      removed: false,
      type: "string",
    },
  ],
})

export const settings = (world: () => World): void => {
  let runs = 0
  const run = (jobs: number, node: ReturnType<typeof draw>, json: object = {}) =>
    expectPaid(world(), jobs, () => world().api.run(makeWorkflow(`settings-${runs++}`, [{ json }], node)))

  it.each([["5 CU"], [""], [null], [undefined]])(
    "starts nothing and fails if an expression sets Maximum Cost to %j",
    async (limit) => {
      const execution = await run(0, draw({}, { maxCost: "={{ $json.limit }}" }), { limit })
      assert.match(getError(execution)?.message ?? "", /^Maximum Cost must be a number of at least 0/)
      assert.match(getError(execution)?.description ?? "", /^Nothing was sent\./)
    },
  )

  it.each([
    [{ timeoutMinutes: "={{ 'soon' }}" }, /^Timeout \(Minutes\) must be a number/],
    [{ download: "={{ 'perhaps' }}" }, /^Download Files must be true or false/],
    [{ concurrency: "={{ 'many' }}" }, /^Concurrency must be a whole number/],
    [{ fileName: "{promt}" }, /^File Name has no field \{promt\}/],
  ])("starts nothing if an option can't be read: %j", async (options, message) => {
    assert.match(getError(await run(0, draw({}, options)))?.message ?? "", message)
  })

  it("reads booleans as n8n does", async () => {
    const execution = await run(1, draw({}, { download: "={{ 'FALSE' }}" }))
    assert.isUndefined(getOutput(execution)[0]?.binary)
  })

  it("lets the Prompt and Inputs fields override Inputs (JSON)", async () => {
    const { simulator } = world()
    const json = JSON.stringify({ prompt: "from JSON", width: 512, height: 768 })
    await run(1, draw({ inputs: inputs({ width: 1024 }) }, { inputsJson: json }))
    assert.include(Object(simulator.ledger().entries.at(-1)?.body), {
      prompt: "a red house",
      width: 1024,
      height: 768,
    })
  })

  it("starts when a required input is set only in Inputs (JSON)", async () => {
    const { simulator } = world()
    const image = simulator.addAsset({ kind: "image" })
    const node = scenarioNode({
      resource: "image",
      operation: "remove-background",
      inputs: demanding("image", { image: null }),
      options: { inputsJson: JSON.stringify({ image }) },
    })
    const execution = await run(1, node)
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
  })

  it("fills a prompt input with another name, and fails if the model takes none", async () => {
    const { simulator } = world()
    await run(1, draw({ modelId: byId("model_voice-one") }))
    assert.include(Object(simulator.ledger().entries.at(-1)?.body), { text: "a red house" })
  })

  it("names files by the requested prompt, even if the asset doesn't repeat it", async () => {
    const execution = await run(1, draw({ modelId: byId("model_voice-one") }, { fileName: "{prompt}" }))
    assert.match(getOutput(execution)[0]?.binary?.["data"]?.fileName ?? "", /^a red house\.\w+$/)
  })

  it("shortens base64 in an error, and says how to pass a file", async () => {
    const node = scenarioNode({
      resource: "image",
      operation: "remove-background",
      inputs: inputs({ image: "={{ $json.image }}" }),
    })
    const execution = await run(0, node, { image: "iVBORw0KGgo".repeat(110_000) })
    const error = getError(execution)
    assert.match(`${error?.message} ${error?.description}`, /data URL/)
    assert.isBelow(`${error?.message} ${error?.description}`.length, 1_000)
  }, 60_000)

  it("finds a file by its file name, and takes no file name for an asset ID", async () => {
    const picture = { data: pixel, mimeType: "image/png", fileName: "ComfyUI_00001_generated_image" }
    const workflow = makeWorkflow(
      `settings-${runs++}`,
      [{ json: {}, binary: { data: picture } }],
      scenarioNode({
        resource: "image",
        operation: "remove-background",
        inputs: inputs({ image: "={{ $binary.data.fileName }}" }),
      }),
    )
    const execution = await expectPaid(world(), 1, () => world().api.run(workflow))
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
  })

  it("reports a started job that Scenario no longer knows", async () => {
    const { simulator } = world()
    simulator.planNextJob({ durationMs: 20_000 })
    simulator.faults.next("vanished-job", { times: 50 })
    const execution = await run(1, draw())
    simulator.faults.clear()
    const error = getError(execution)
    assert.match(error?.message ?? "", /^Scenario no longer knows job job_\w+, which this node started/)
    assert.notMatch(`${error?.message} ${error?.description}`, /Check the ID/)
  }, 60_000)

  /** Starts an execution with a long job, and returns as soon as the job is paid. */
  const begun = async (workflow: Workflow) => {
    const { api, simulator } = world()
    const paid = simulator.ledger().paidJobs
    simulator.planNextJob({ durationMs: 400_000 })
    const executionId = await api.start(workflow)
    while (simulator.ledger().paidJobs === paid) await sleep(50)
    await sleep(500)
    return { executionId, jobId: simulator.ledger().entries.at(-1)?.jobId }
  }

  it("stores the job's ID with a stopped execution", async () => {
    const { api } = world()
    await expectPaid(world(), 1, async () => {
      const { executionId, jobId } = await begun(makeWorkflow("stopped-job", [{ json: {} }], draw()))
      await api.stop(executionId)
      assert.strictEqual((await api.waitForEnd(executionId)).status, "canceled")
      await sleep(1_000)
      const { customData } = await api.execution(executionId)
      assert.strictEqual(customData["scenarioJobs"], jobId)
    })
  }, 60_000)

  it("names the running job when the execution's timeout ends it", async () => {
    const { api } = world()
    await expectPaid(world(), 1, async () => {
      const workflow = makeWorkflow("timed-out", [{ json: {} }], draw())
      const settings = { ...workflow.settings, executionTimeout: 3 }
      const { executionId, jobId } = await begun({ ...workflow, settings })
      const execution = await api.waitForEnd(executionId)
      await sleep(1_000)
      const { customData, ...ended } = await api.execution(executionId)
      assert.strictEqual(customData["scenarioJobs"], jobId)
      assert.notInclude(JSON.stringify([execution, ended]), "All fibers interrupted")
    })
  }, 60_000)
}

/** An image of one pixel. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
