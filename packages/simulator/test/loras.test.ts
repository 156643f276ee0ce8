import { describe, expect, test } from "vitest"
import { at, listAt, startStepped, textAt } from "./client.ts"

const base = "/generate/custom/model_bfl-flux-1-dev"

describe("a LoRA", () => {
  test.each(["model_own-watercolor", "model_own-heroes"])("can't run by itself: %s", async (id) => {
    await using world = await startStepped()
    const reply = await world.post(`/generate/custom/${id}`, { prompt: "x" })
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual({ reason: "Custom models only are supported for this endpoint" })
  })

  test("runs on a base of its family, with or without a strength", async () => {
    await using world = await startStepped()
    const loras = ["model_own-watercolor"]
    expect((await world.post(base, { prompt: "x", loras })).status).toBe(200)
    expect((await world.post(base, { prompt: "x", loras, lorasScale: [0.8] })).status).toBe(200)
    expect((await world.post(base, { prompt: "x", modelId: "model_own-heroes" })).status).toBe(200)
    expect(world.simulator.violations()).toEqual([])
  })

  test.each([
    ["of another family", "model_own-portraits"],
    ["that is a composition", "model_own-heroes"],
  ])("%s is refused in loras, and nothing is charged", async (_what, id) => {
    await using world = await startStepped()
    const reply = await world.post(base, { prompt: "x", loras: [id] })
    expect(reply.status).toBe(400)
    expect(textAt(reply.body, "reason")).toBe(`Invalid model(s): ${id}.\nAllowed model types: flux.1-lora`)
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })

  test("is ignored if it isn't in a list, and the run is charged", async () => {
    await using world = await startStepped()
    const reply = await world.post(base, { prompt: "x", loras: "model_own-watercolor" })
    expect(at(reply.body, "job", "metadata", "input", "loras")).toBeUndefined()
    expect(world.simulator.ledger().paidJobs).toBe(1)
    expect(world.simulator.violations().length).toBe(1)
  })

  test("can be added with the fields that name its base model", async () => {
    await using world = await startStepped()
    const fields = {
      type: "x-lora",
      compliantModelIds: ["model_a"],
      concepts: [{ modelId: "model_b", scale: 1 }],
    }
    const id = world.simulator.addModel({ ...fields, parentModelId: "model_c" })
    const { body } = await world.get(`/models/${id}`)
    expect(at(body, "model")).toMatchObject({
      ...fields,
      parentModelId: "model_c",
      custom: false,
      status: "trained",
    })
  })
})

test("models-without-inputs removes the inputs only from lists", async () => {
  await using world = await startStepped()
  world.simulator.faults.rate("models-without-inputs", 1)
  for (const path of ["/models?privacy=public", "/models/public"]) {
    const models = listAt((await world.get(path)).body, "models")
    expect(models.some((model) => at(model, "inputs") !== undefined)).toBe(false)
  }
  const { body } = await world.get("/models/model_bfl-flux-1-dev")
  expect(listAt(body, "model", "inputs").length).toBeGreaterThan(0)
})
