import { describe, expect, test } from "vitest"
import { at, listAt, startStepped, textAt } from "./client.ts"

describe("models", () => {
  test("of the account are listed unless public ones are requested", async () => {
    await using world = await startStepped()
    const own = await world.get("/models?pageSize=1")
    expect(at(own.body, "models", 0, "privacy")).toBe("private")
    expect(own.body["nextPaginationToken"]).toBeTypeOf("string")
    expect(listAt((await world.get("/models?privacy=public")).body, "models").length).toBeGreaterThan(10)
    expect((await world.get("/models?pageSize=501")).status).toBe(400)
  })

  test("of the account don't exist with ownModels: false", async () => {
    await using world = await startStepped({ ownModels: false })
    expect((await world.get("/models?pageSize=1")).body).toEqual({ models: [] })
  })

  test("have inputs of every type and every kind of requirement", async () => {
    await using world = await startStepped()
    const models = listAt((await world.get("/models/public?pageSize=500")).body, "models")
    const inputs = models.flatMap((model) => listAt(model, "inputs"))
    expect([...new Set(inputs.map((input) => textAt(input, "type")))].toSorted()).toEqual([
      "boolean",
      "file",
      "file_array",
      "inputs_array",
      "model",
      "model_array",
      "number",
      "number_array",
      "string",
      "string_array",
    ])
    const conditions = new Set(inputs.flatMap((input) => Object.keys(Object(at(input, "required")))))
    expect([...conditions].toSorted()).toEqual(["always", "conditionalValues", "ifDefined", "ifNotDefined"])
  })

  test("are returned in bulk, without inputs if minimal", async () => {
    await using world = await startStepped()
    const modelIds = ["model_canvas-image-2", "model_nowhere", "model_sdxl-base"]
    const { body } = await world.post("/models/get-bulk", { modelIds, minimal: true })
    expect(listAt(body, "models").map((model) => textAt(model, "id"))).toEqual([
      "model_canvas-image-2",
      "model_sdxl-base",
    ])
    expect(at(body, "models", 0, "inputs")).toBeUndefined()
  })

  test("can't be trained twice at the same time", async () => {
    await using world = await startStepped()
    const path = "/models/model_own-in-training/train"
    expect((await world.put(`${path}?dryRun=true`, {})).status).toBe(269)
    expect((await world.put(path, {})).status).toBe(200)
    expect((await world.put(path, {})).body).toEqual({ reason: "Model is already training" })
    expect((await world.put("/models/model_sdxl-base/train", {})).status).toBe(403)
    const run = { modelId: "model_own-in-training", prompt: "a ship" }
    expect((await world.post("/generate/txt2img", run)).status).toBe(400)
    await world.simulator.advance(3_600_000)
    expect(at((await world.get("/models/model_own-in-training")).body, "model", "status")).toBe("trained")
    expect((await world.post("/generate/txt2img", run)).status).toBe(200)
  })

  test("of the account can be created, changed, and deleted; public ones can't", async () => {
    await using world = await startStepped()
    const id = textAt((await world.post("/models", { name: "ships" })).body, "model", "id")
    expect((await world.put(`/models/${id}/train`, {})).body).toEqual({
      reason: "Model has no training images",
    })
    expect(at((await world.put(`/models/${id}`, { name: "boats" })).body, "model", "name")).toBe("boats")
    expect((await world.put(`/models/${id}/tags`, { add: ["sea"] })).body).toEqual({
      added: ["sea"],
      deleted: [],
    })
    expect((await world.remove(`/models/${id}`)).status).toBe(200)
    expect((await world.get(`/models/${id}`)).status).toBe(404)
    expect((await world.remove("/models/model_sdxl-base")).status).toBe(403)
  })
})

describe("the account", () => {
  test("returns its team and project, and refuses /me", async () => {
    await using world = await startStepped()
    expect(listAt((await world.get("/teams")).body, "teams")).toHaveLength(1)
    expect(at((await world.get("/projects?teamId=team_simulated0team")).body, "projects", 0, "id")).toBe(
      world.simulator.projectId,
    )
    const me = await world.get("/me")
    expect([me.status, me.body]).toEqual([403, { message: "API Keys cannot access protected resources" }])
  })

  test("refuses an unknown path, and reports a violation", async () => {
    await using world = await startStepped()
    const reply = await world.get("/wallet")
    expect([reply.status, reply.body]).toEqual([403, { message: "Missing Authentication Token" }])
    expect(world.simulator.violations()).toHaveLength(1)
  })

  test("reports an unknown query parameter as a violation", async () => {
    await using world = await startStepped()
    expect((await world.get("/jobs?limit=5")).status).toBe(200)
    expect(world.simulator.violations()[0]?.problem).toBe('query parameter "limit" is unknown here')
  })
})
