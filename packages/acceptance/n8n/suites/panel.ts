import { assert, it } from "vitest"
import type { World } from "../realN8n.ts"
import { byId } from "../Workflow.ts"

interface ListPage {
  readonly results: ReadonlyArray<{ readonly name: string; readonly value: string }>
  readonly paginationToken?: string
}

interface Field {
  readonly id: string
  readonly displayName: string
  readonly required: boolean
  readonly removed?: boolean
  readonly type: string
  readonly defaultValue?: unknown
  readonly options?: ReadonlyArray<{ readonly name: string; readonly value: unknown }>
}

export const panel = (world: () => World): void => {
  const ask = <A>(kind: string, method: string, parameters: object, more: object = {}) =>
    world().api.panel<A>(kind, method, parameters, more)

  const fieldsFor = async (parameters: object) => {
    const { fields } = await ask<{ readonly fields: ReadonlyArray<Field> }>(
      "resource-mapper-fields",
      "getInputs",
      parameters,
    )
    return fields
  }

  const generating = { resource: "generation", operation: "generate", mode: "" }

  it("lists the account's own models first, and finds models by words", async () => {
    const all = await ask<ListPage>("resource-locator-results", "searchModels", generating)
    assert.strictEqual(all.results[0]?.name, "My watercolors (yours)")
    assert.include(
      all.results.map(({ name }) => name),
      "Flux.1 Dev (needs a mode…)",
    )
    const found = await ask<ListPage>("resource-locator-results", "searchModels", generating, {
      filter: "storyb",
    })
    assert.deepStrictEqual(
      found.results.map(({ name }) => name),
      // Search hits don't say whether a model needs a mode: the node reads the model.
      ["Storyboard"],
    )
  })

  it("lists workflows and collections", async () => {
    const workflows = await ask<ListPage>("resource-locator-results", "searchWorkflows", {
      resource: "workflow",
    })
    assert.includeMembers(
      workflows.results.map(({ name }) => name),
      ["Sprite", "Portrait"],
    )
    assert.notInclude(
      workflows.results.map(({ name }) => name),
      "Unfinished",
    )
    await ask<ListPage>("resource-locator-results", "searchCollections", { resource: "collection" })
  })

  it("shows the model's inputs as typed fields, the required ones open, and the prompt outside the form", async () => {
    const fields = await fieldsFor({ ...generating, modelId: byId("model_canvas-image-2") })
    assert.deepStrictEqual(
      fields.filter(({ removed }) => removed !== true),
      [],
    )
    const upscale = await fieldsFor({ resource: "image", operation: "upscale" })
    assert.deepStrictEqual(
      upscale
        .filter(({ removed }) => removed !== true)
        .map(({ id, displayName, required, defaultValue }) => [id, displayName, required, defaultValue]),
      [["image", "Image (required)", false, "data"]],
    )
    const types = Object.fromEntries(fields.map(({ id, type }) => [id, type]))
    assert.include(types, {
      width: "number",
      quality: "options",
      referenceImages: "string",
    })
    assert.strictEqual(fields.find(({ id }) => id === "referenceImages")?.displayName, "References")
    assert.deepStrictEqual(
      fields.find(({ id }) => id === "quality")?.options?.map(({ name }) => name),
      ["low", "medium (default)", "high"],
    )
  })

  it("lists modes only for models that need one, and the fields of the selected mode", async () => {
    const modes = (modelId: string) =>
      ask<ReadonlyArray<{ readonly name: string; readonly value: string }>>("options", "getModes", {
        ...generating,
        modelId: byId(modelId),
      })
    assert.deepStrictEqual(
      (await modes("model_canvas-image-2")).map(({ value }) => value),
      [""],
    )
    assert.includeMembers(
      (await modes("model_flux-1-dev")).map(({ value }) => value),
      ["txt2img", "controlnet"],
    )
    const flux = { ...generating, modelId: byId("model_flux-1-dev") }
    assert.deepStrictEqual(await fieldsFor(flux), [])
    const fields = await fieldsFor({ ...flux, mode: "controlnet" })
    assert.notInclude(
      fields.map(({ id }) => id),
      "modelId",
    )
    assert.includeMembers(
      fields.map(({ id }) => id),
      ["controlImage"],
    )
  })

  it("shows the base model's inputs for a LoRA, without a mode", async () => {
    const lora = { ...generating, modelId: byId("model_own-watercolor") }
    const names = (await fieldsFor(lora)).map(({ id }) => id)
    assert.includeMembers(names, ["width", "height", "numOutputs"])
    assert.notInclude(names, "loras")
    const modes = await ask<ReadonlyArray<{ readonly name: string }>>("options", "getModes", lora)
    assert.strictEqual(modes[0]?.name, "Not Needed")
  })

  it("shows the fields of workflows and of image and text operations", async () => {
    const named = async (parameters: object) => (await fieldsFor(parameters)).map(({ id }) => id)
    assert.deepStrictEqual(
      await named({ resource: "workflow", operation: "run", workflowId: byId("wflow_sprite-sheet") }),
      ["prompt", "seed"],
    )
    assert.include(await named({ resource: "image", operation: "upscale" }), "image")
    assert.include(await named({ resource: "text", operation: "caption" }), "images")
  })

  it("explains the empty form if the model's expression has no value yet", async () => {
    const { fields, emptyFieldsNotice } = await ask<{
      readonly fields: ReadonlyArray<Field>
      readonly emptyFieldsNotice?: string
    }>("resource-mapper-fields", "getInputs", { ...generating, modelId: byId("") })
    assert.deepStrictEqual(fields, [])
    assert.match(emptyFieldsNotice ?? "", /If an expression sets it, run the previous nodes first/)
  })

  it("tests the credential against Scenario if the base URL is empty", async () => {
    const { api } = world()
    const { message } = await api.call<{ readonly message: string }>("POST", "/rest/credentials/test", {
      credentials: {
        id: "",
        name: "Scenario",
        type: "scenarioApi",
        data: { apiKey: "api_none", apiSecret: "none", baseUrl: " ", projectId: "" },
      },
    })
    assert.notMatch(message, /invalid url/i)
  })

  it("reports a wrong secret when the credential is tested", async () => {
    const { simulator, api } = world()
    const test = (apiSecret: string) =>
      api.call<{ readonly status: string; readonly message: string }>("POST", "/rest/credentials/test", {
        credentials: {
          id: "",
          name: "Scenario",
          type: "scenarioApi",
          data: { apiKey: simulator.apiKey, apiSecret, baseUrl: simulator.baseUrl, projectId: "" },
        },
      })
    assert.strictEqual((await test(simulator.apiSecret)).status, "OK")
    assert.strictEqual((await test("wrong")).status, "Error")
  })
}
