import { describe, expect, it } from "vitest"
import { at, catchFailure, generate, performGenerate, startWorld, type World } from "./zapier.ts"

const start = "creates.start_generation.operation.perform"

const sentBodies = (world: World) => world.simulator.ledger().entries.map(({ body }) => body)

const catchRefusal = async (world: World, inputData: Record<string, unknown>, method = performGenerate) => {
  const failure = await catchFailure(world.call(method, { inputData }))
  expect(world.simulator.ledger().paidJobs).toBe(0)
  expect(failure.name).toBe("AppError")
  return failure.message
}

describe("Maximum Cost", () => {
  it.each([
    true,
    false,
    {},
    [],
    [1, 2],
    "Infinity",
    Infinity,
    "NaN",
    "-1",
    -1,
    "5 CU",
    "0,75",
    "1e3",
    "0x10",
    "true",
  ])("refuses %j, and nothing is paid", async (maxCost) => {
    await using world = await startWorld()
    const message = await catchRefusal(world, generate({ maxCost }).inputData)
    expect(message).toMatch(/Maximum Cost: Enter a number of compute units, 0 or more/)
  })

  it("refuses an empty mapped value, and sets no limit if the field is empty", async () => {
    await using world = await startWorld()
    const mapped = { ...generate({ maxCost: "" }), inputDataRaw: { maxCost: "{{123__budget}}" } }
    const failure = await catchFailure(world.call(performGenerate, mapped))
    expect(failure.message).toMatch(/Maximum Cost: The mapped value is empty/)
    expect(world.simulator.ledger().paidJobs).toBe(0)
    for (const maxCost of ["", null, " ", " 100 ", 100.5]) await world.call(start, generate({ maxCost }))
    expect(world.simulator.ledger().paidJobs).toBe(5)
  })
})

describe("a blank prompt", () => {
  it.each(["   ", "\n\n", "\t", "\u00a0", "\u200b"])("is refused as missing: %j", async (blank) => {
    await using world = await startWorld()
    expect(await catchRefusal(world, generate({ in_prompt: blank }).inputData)).toMatch(
      /Prompt: (Missing\. Provide|Expected) text/,
    )
    const inJson = { model: "model_canvas-image-2", additionalInputs: { prompt: blank } }
    expect(await catchRefusal(world, inJson)).toMatch(/Prompt: (Missing\. Provide|Expected) text/)
  })

  it("in the form is replaced by the prompt of the JSON", async () => {
    await using world = await startWorld()
    await world.call(start, generate({ in_prompt: "  ", additionalInputs: '{"prompt": "a blue house"}' }))
    expect(sentBodies(world)).toMatchObject([{ prompt: "a blue house" }])
  })
})

describe("numbers", () => {
  it("are parsed from text, and refused if they aren't numbers", async () => {
    await using world = await startWorld()
    const asset = world.simulator.addAsset({ kind: "image" })
    const flux = { model: "model_flux-composer", in_prompt: "a cat", in_image: asset }
    for (const in_strength of ["high", "0,75", "0.5x"]) {
      expect(await catchRefusal(world, { ...flux, in_strength })).toMatch(
        /Strength: Expected a number from 0\.01 to 1 in steps of 0\.01, got/,
      )
    }
    const masked = { model: "model_flux-1-dev", mode: "inpaint", in_prompt: "a cat", in_image: asset }
    expect(await catchRefusal(world, { ...masked, in_mask: asset, in_strength: "high" })).toMatch(
      /Strength: Expected/,
    )
    await world.call(start, { inputData: { ...flux, in_strength: " 0.75 " } })
    expect(sentBodies(world)).toMatchObject([{ strength: 0.75 }])
  })
})

describe("lists", () => {
  it("are read from JSON text, also inside a list", async () => {
    await using world = await startWorld()
    const styles = ["model_own-watercolor", "model_own-in-training"]
    const ways = ["[0.5, 1]", ["[0.5, 1]"], ["0.5", "1"], [0.5, 1]]
    for (const in_lorasScale of ways) {
      const inputData = { model: "model_flux-composer", in_prompt: "a cat", in_loras: styles, in_lorasScale }
      await world.call(start, { inputData })
    }
    expect(sentBodies(world).map((body) => at(body, "lorasScale"))).toEqual(ways.map(() => [0.5, 1]))
  })
})

describe("true and false", () => {
  it.each([
    ["FALSE", false],
    ["no", false],
    [0, false],
    ["Yes", true],
    [1, true],
    ["true ", true],
  ])("are read from %j, in the form and in the JSON", async (given, enhancePrompt) => {
    await using world = await startWorld()
    const inputData = { model: "model_flux-composer", in_prompt: "a cat" }
    await world.call(start, { inputData: { ...inputData, in_enhancePrompt: given } })
    await world.call(start, { inputData: { ...inputData, additionalInputs: { enhancePrompt: given } } })
    expect(sentBodies(world)).toMatchObject([{ enhancePrompt }, { enhancePrompt }])
  })

  it("aren't read from other words", async () => {
    await using world = await startWorld()
    const inputData = { model: "model_flux-composer", in_prompt: "a cat", in_enhancePrompt: "maybe" }
    expect(await catchRefusal(world, inputData)).toMatch(
      /Enhance prompt: Expected true or false, got \\"maybe\\"/,
    )
  })
})

describe("a field for one file", () => {
  const two = "https://files.example/a.png, https://files.example/b.png"
  it.each([
    ["two links", two, /Enter one link/],
    ["words", "the picture above", /Enter one link or one asset ID/],
    ["a link among words", "see https://files.example/a.png", /Enter one link or one asset ID/],
    ["an unresolved value", "{{123__file}}", /Enter (one|or map one)/],
    [
      "a page of Google Drive",
      "https://drive.google.com/file/d/1AbC-_x/view?usp=sharing",
      /page about the file\. Use the link to the file itself: https:\/\/drive\.google\.com\/uc\?export=download&id=1AbC-_x/,
    ],
    [
      "an open link of Google Drive",
      "https://drive.google.com/open?id=1AbC-_x",
      /https:\/\/drive\.google\.com\/uc\?export=download&id=1AbC-_x/,
    ],
    [
      "a page of Dropbox",
      "https://www.dropbox.com/scl/fi/abc/a.png?rlkey=k&dl=0",
      /https:\/\/www\.dropbox\.com\/scl\/fi\/abc\/a\.png\?rlkey=k&dl=1/,
    ],
    [
      "a page of GitHub",
      "https://github.com/o/r/blob/main/a.png",
      /https:\/\/raw\.githubusercontent\.com\/o\/r\/main\/a\.png/,
    ],
  ])("refuses %s in every step that takes a file", async (_, file, message) => {
    await using world = await startWorld()
    const inputs = { model: "model_flux-composer", in_prompt: "a cat", in_image: file, in_strength: 0.5 }
    expect(await catchRefusal(world, inputs)).toMatch(message)
    const transform = { transformation: "upscale", file }
    expect(await catchRefusal(world, transform, "creates.transform_image.operation.perform")).toMatch(
      /File: /,
    )
    expect(await catchRefusal(world, { file }, "creates.import_asset.operation.perform")).toMatch(/File: /)
    expect(world.simulator.requests().filter(({ path }) => path.endsWith("/uploads"))).toEqual([])
  })
})

describe("a choice", () => {
  it("is accepted by its label, in any case, and refused otherwise", async () => {
    await using world = await startWorld({ speed: 10 })
    const asset = world.simulator.addAsset({ kind: "image" })
    const transform = "creates.transform_image.operation.perform"
    await world.call(transform, { inputData: { transformation: " Remove background", asset } })
    const inputData = { model: "model_flux-1-dev", in_prompt: "a cat", mode: "text to IMAGE" }
    await world.call(start, { inputData })
    expect(world.simulator.ledger().entries.map(({ endpoint }) => endpoint)).toEqual([
      "/generate/remove-background",
      "/generate/txt2img",
    ])
    const kind = await catchFailure(
      world.call("creates.import_asset.operation.perform", {
        inputData: { file: "https://files.example/a.png", kind: "picture" },
      }),
    )
    expect(kind.message).toMatch(/Kind: Choose one of .*Image.* instead of \\"picture\\"/)
  })
})

describe("an input in the form and in the JSON", () => {
  it("takes the value of the form", async () => {
    await using world = await startWorld()
    const additionalInputs = { prompt: "a blue house", numOutputs: 3, quality: "low" }
    await world.call(start, generate({ in_prompt: "a red house", in_numOutputs: "1", additionalInputs }))
    expect(sentBodies(world)).toMatchObject([{ prompt: "a red house", numOutputs: 1, quality: "low" }])
  })
})

describe("a model that comes from an earlier step", () => {
  it("shows the static fields in the editor, and is refused if it is missing", async () => {
    await using world = await startWorld()
    for (const [create, field] of [
      ["generate_asset", "model"],
      ["start_generation", "model"],
      ["run_app", "app"],
    ] as const) {
      const inputData = { [field]: "{{123456789__id}}" }
      const { results } = await world.call(`creates.${create}.operation.inputFields`, { inputData })
      const keys = Array.isArray(results) ? results.map((one) => at(one, "key")) : []
      expect(keys).toEqual([field, "additionalInputs", "maxCost"])
      expect(await catchRefusal(world, inputData, `creates.${create}.operation.perform`)).toMatch(
        /Enter or map one value instead of/,
      )
    }
    const { results } = await world.call("triggers.input_model_list.operation.perform", {
      inputData: { model: "{{123456789__id}}" },
      meta: { page: 0 },
    })
    expect(at(results, "length")).toBeGreaterThan(0)
    expect(await catchRefusal(world, { in_prompt: "a cat" })).toMatch(/Model: Missing\. Choose a model/)
  })

  it("runs with inputs in the JSON only, because no field of a model is required", async () => {
    await using world = await startWorld()
    for (const model of ["model_canvas-image-2", "model_storyboard-set", "model_flux-1-dev"]) {
      const { results } = await world.call("creates.generate_asset.operation.inputFields", {
        inputData: { model, mode: "txt2img" },
      })
      const required = Array.isArray(results) ? results.filter((one) => at(one, "required") === true) : []
      expect(required.map((one) => at(one, "key"))).toEqual(["model"])
    }
    const inputData = { model: "model_canvas-image-2", additionalInputs: { prompt: "a red house" } }
    await world.call(start, { inputData })
    expect(sentBodies(world)).toMatchObject([{ prompt: "a red house" }])
  })
})
