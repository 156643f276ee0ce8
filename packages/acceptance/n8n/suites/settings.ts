import { setTimeout as sleep } from "node:timers/promises"
import { assert, it } from "vitest"
import { errorOf, outputOf, paying, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, type Workflow, workflowOf } from "../Workflow.ts"

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

/** A form whose schema demands an input, as n8n stores it. */
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
    paying(world(), jobs, () => world().api.run(workflowOf(`settings-${runs++}`, [{ json }], node)))

  it.each([["5 CU"], [""], [null], [undefined]])(
    "pays nothing when Maximum Cost is %j by an expression, and says so",
    async (limit) => {
      const execution = await run(0, draw({}, { maxCost: "={{ $json.limit }}" }), { limit })
      assert.match(errorOf(execution)?.message ?? "", /^Maximum Cost must be a number of at least 0/)
      assert.match(errorOf(execution)?.description ?? "", /^Nothing was sent\./)
    },
  )

  it.each([
    [{ timeoutMinutes: "={{ 'soon' }}" }, /^Timeout \(Minutes\) must be a number/],
    [{ download: "={{ 'perhaps' }}" }, /^Download Files must be true or false/],
    [{ concurrency: "={{ 'many' }}" }, /^Concurrency must be a whole number/],
    [{ fileName: "{promt}" }, /^File Name has no field \{promt\}/],
  ])("pays nothing when an option can't be read: %j", async (options, message) => {
    assert.match(errorOf(await run(0, draw({}, options)))?.message ?? "", message)
  })

  it("reads an option's boolean as n8n does", async () => {
    const execution = await run(1, draw({}, { download: "={{ 'FALSE' }}" }))
    assert.isUndefined(outputOf(execution)[0]?.binary)
  })

  it("lets the field Prompt and the form override Inputs (JSON)", async () => {
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
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution)))
  })

  it("fills the prompt of a model that calls it otherwise, and refuses one that takes none", async () => {
    const { simulator } = world()
    await run(1, draw({ modelId: byId("model_voice-one") }))
    assert.include(Object(simulator.ledger().entries.at(-1)?.body), { text: "a red house" })
  })

  it("names files by the prompt that was asked for, also if the asset does not repeat it", async () => {
    const execution = await run(1, draw({ modelId: byId("model_voice-one") }, { fileName: "{prompt}" }))
    assert.match(outputOf(execution)[0]?.binary?.["data"]?.fileName ?? "", /^a red house\.\w+$/)
  })

  it("cuts base64 in an error short, and says where a file goes", async () => {
    const node = scenarioNode({
      resource: "image",
      operation: "remove-background",
      inputs: inputs({ image: "={{ $json.image }}" }),
    })
    const execution = await run(0, node, { image: "iVBORw0KGgo".repeat(110_000) })
    const error = errorOf(execution)
    assert.match(`${error?.message} ${error?.description}`, /data URL/)
    assert.isBelow(`${error?.message} ${error?.description}`.length, 1_000)
  }, 60_000)

  it("finds a file by its own name, and takes no file name for an asset id", async () => {
    const picture = { data: pixel, mimeType: "image/png", fileName: "ComfyUI_00001_generated_image" }
    const workflow = workflowOf(
      `settings-${runs++}`,
      [{ json: {}, binary: { data: picture } }],
      scenarioNode({
        resource: "image",
        operation: "remove-background",
        inputs: inputs({ image: "={{ $binary.data.fileName }}" }),
      }),
    )
    const execution = await paying(world(), 1, () => world().api.run(workflow))
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution)))
  })

  it("says that a job has vanished, and not that an id is wrong which nobody has entered", async () => {
    const { simulator } = world()
    simulator.planNextJob({ durationMs: 20_000 })
    simulator.faults.next("vanished-job", { times: 50 })
    const execution = await run(1, draw())
    simulator.faults.clear()
    const error = errorOf(execution)
    assert.match(error?.message ?? "", /^Scenario no longer knows job job_\w+, which this node started/)
    assert.notMatch(`${error?.message} ${error?.description}`, /Check the id/)
  }, 60_000)

  /** An execution of a long job, as soon as it is paid. */
  const begun = async (workflow: Workflow) => {
    const { api, simulator } = world()
    const paid = simulator.ledger().paidJobs
    simulator.planNextJob({ durationMs: 400_000 })
    const executionId = await api.begin(workflow)
    while (simulator.ledger().paidJobs === paid) await sleep(50)
    await sleep(500)
    return { executionId, jobId: simulator.ledger().entries.at(-1)?.jobId }
  }

  it("leaves the job's id with an execution that is stopped", async () => {
    const { api } = world()
    await paying(world(), 1, async () => {
      const { executionId, jobId } = await begun(workflowOf("stopped-job", [{ json: {} }], draw()))
      await api.stop(executionId)
      assert.strictEqual((await api.ended(executionId)).status, "canceled")
      await sleep(1_000)
      const { customData } = await api.execution(executionId)
      assert.strictEqual(customData["scenarioJobs"], jobId)
    })
  }, 60_000)

  it("says what still runs when the execution's own timeout ends it", async () => {
    const { api } = world()
    await paying(world(), 1, async () => {
      const workflow = workflowOf("timed-out", [{ json: {} }], draw())
      const settings = { ...workflow.settings, executionTimeout: 3 }
      const { executionId, jobId } = await begun({ ...workflow, settings })
      const execution = await api.ended(executionId)
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
