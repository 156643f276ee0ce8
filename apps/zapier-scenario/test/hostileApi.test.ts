import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { type Answer, runAgainst as run, type Script } from "./hostileApi.ts"
import { at, getKeys, performGenerate } from "./zapier.ts"

const inputData = { model: "model_a", in_prompt: "a red house" }
const submit = "POST /generate/custom/model_a"
const poll = "GET /jobs/job_a"
const asset = "GET /assets/asset_a"

const page: Answer = { status: 502, body: "<html><h1>Bad Gateway</h1></html>" }
const job = (fields: object): Answer => ({ body: { job: { jobId: "job_a", ...fields } } })
const done = job({ status: "success", metadata: { assetIds: ["asset_a"] } })
const limited = (after?: string): Answer => ({
  status: 429,
  headers: after === undefined ? {} : { "retry-after": after },
})

type Case = readonly [title: string, script: Script]

describe("a submit that may have been accepted is sent once and halts the Zap, after", () => {
  it.each<Case>([
    ["a gateway's page", { [submit]: page }],
    ["a page that says 200", { [submit]: { body: "<html>ok</html>" } }],
    ["500", { [submit]: { status: 500 } }],
    ["503 with a retry-after", { [submit]: { status: 503, headers: { "retry-after": "1" } } }],
    ["a reset", { [submit]: "reset" }],
    ["no response", { [submit]: "hang" }],
    ["half a response", { [submit]: "cut" }],
    ["a redirect", { [submit]: { status: 302, headers: { location: "https://elsewhere.example/" } } }],
    ["204 without a body", { [submit]: { status: 204 } }],
    ["a response without a job", { [submit]: { body: { job: null } } }],
    ["a job with an object for its ID", { [submit]: { body: { job: { jobId: {} } } } }],
    ["no response to the search for the job", { [submit]: "hang", "GET /jobs": "hang" }],
    ["an unreadable response to the search for the job", { [submit]: "reset", "GET /jobs": page }],
  ])("%s", async (_, script) => {
    for (const create of ["generate_asset", "start_generation"]) {
      const ended = await run(script, `creates.${create}.operation.perform`, { inputData })
      expect(ended).toMatchObject({ name: "HaltedError", submits: 1 })
      expect(ended.message).toMatch(/uncertain whether Scenario accepted.*charged again/)
    }
  })
})

describe("a submit that was refused", () => {
  it("is sent again after the time that Scenario asks for", async () => {
    const ended = await run({ [submit]: [limited("2"), job({ status: "queued" })] }, performGenerate, {
      inputData,
    })
    expect(ended).toMatchObject({ name: "SUCCESS", submits: 2, results: { finished: true } })
  })

  it.each<readonly [string, Answer, string, RegExp]>([
    ["429 without end", limited(), "ThrottledError", /"delay":60/],
    ["429 with a page", { status: 429, body: "<html>slow down</html>" }, "ThrottledError", /slow down/],
    ["429 until the year 2099", limited("Wed, 21 Oct 2099 07:28:00 GMT"), "ThrottledError", /"delay":3600/],
    ["400 in an odd shape", { status: 400, body: [1, 2] }, "AppError", /rejected the request \(400\)/],
  ])("ends in an error of its own: %s", async (_, answer, name, message) => {
    const ended = await run({ [submit]: answer }, performGenerate, { inputData })
    expect(ended).toMatchObject({ name, message: expect.stringMatching(message) })
  })
})

describe("a price that is refused by a rate limit", () => {
  it.each([limited(), limited("8"), limited("600")])("lets Zapier retry the step (%j)", async (answer) => {
    const bundle = { inputData: { ...inputData, maxCost: 5 } }
    expect((await run({ [submit]: answer }, performGenerate, bundle)).name).toBe("ThrottledError")
  })
})

describe("a paid job", () => {
  it.each<readonly [title: string, script: Script, status: string]>([
    ["polls answered by a page", { [poll]: page }, "queued"],
    ["polls without a response", { [poll]: "hang" }, "queued"],
    ["polls that break off", { [poll]: "cut" }, "queued"],
    ["polls refused by a rate limit", { [poll]: limited("600") }, "queued"],
    ["an unknown status", { [poll]: job({ status: "pondering" }) }, "pondering"],
    ["no status", { [poll]: job({}) }, "unknown"],
    ["files without a response", { [asset]: "hang" }, "success"],
    ["files without a link", { [asset]: { body: { asset: { id: "asset_a" } } } }, "success"],
  ])("is returned unfinished after %s", async (_, script, status) => {
    const { name, results, submits } = await run(script, performGenerate, { inputData })
    expect(name).toBe("SUCCESS")
    expect(results).toMatchObject({ id: "job_a", finished: false, status, assets: [] })
    expect(at(results, "message")).toContain("job_a")
    expect(getKeys(results)).toEqual(Object.keys(generationSample))
    expect(submits).toBe(1)
  })

  it.each<readonly [title: string, script: Script, message: RegExp]>([
    ["a key refused", { [poll]: { status: 401 } }, /API key and the API secret/],
    ["polls without a job", { [poll]: { body: "null" } }, /can't be read/],
    ["a failure without a reason", { [poll]: job({ status: "failure" }) }, /gives no reason/],
    [
      "a failure in an odd shape",
      { [poll]: job({ status: "failure", metadata: { error: { code: 5 }, hint: 4 } }) },
      /"code":5/,
    ],
    ["files that don't exist", { [asset]: { status: 404 } }, /asset_a/],
    ["files answered by 500", { [asset]: { status: 500, body: "<p>" } }, /\(500\): HTTP 500/],
    ["files without an ID", { [asset]: { body: { asset: { url: "x" } } } }, /can't be read/],
  ])("halts the Zap with its ID after %s", async (_, script, message) => {
    const ended = await run(script, performGenerate, { inputData })
    expect(ended).toMatchObject({ name: "HaltedError", submits: 1 })
    expect(ended.message).toMatch(message)
    expect(ended.message).toContain("job_a")
  })

  it.each<Case>([
    ["resets", { [poll]: ["reset", "reset", done] }],
    ["429", { [poll]: [limited("1"), done] }],
    [
      "files without a usable ID",
      { [poll]: job({ status: "success", metadata: { assetIds: [null, 5, "asset_a", ""] } }) },
    ],
    [
      "an unknown kind of file",
      { [asset]: { body: { asset: { id: "asset_a", url: "https://cdn.example/x", kind: "hologram" } } } },
    ],
    ["a response of an older API", { [submit]: { body: { id: "job_a", status: "queued" } } }],
    [
      "inputs of an unknown type",
      {
        "GET /models/model_a": {
          body: {
            model: {
              id: "model_a",
              custom: true,
              inputs: [{ name: "prompt", type: "holo_array", min: "x", allowedValues: 4 }],
            },
          },
        },
      },
    ],
  ])("is finished in spite of %s", async (_, script) => {
    const { results } = await run(script, performGenerate, { inputData })
    expect(results).toMatchObject({
      finished: true,
      assetId: "asset_a",
      assetUrl: expect.stringContaining("cdn"),
    })
  })

  it("has no files or text if its success names none", async () => {
    const { results } = await run({ [poll]: job({ status: "success" }) }, performGenerate, { inputData })
    expect(results).toMatchObject({ finished: true, assets: [], file: null, text: null })
  })
})

describe("a step ends in time and pays nothing", () => {
  const withFile = { ...inputData, in_image: "https://files.example/a.png" }
  const modelWithFile = {
    body: {
      model: {
        id: "model_a",
        custom: true,
        inputs: [
          { name: "prompt", type: "string" },
          { name: "image", type: "file" },
        ],
      },
    },
  }
  it.each<readonly [string, Script, RegExp]>([
    ["the model hangs", { "GET /models/model_a": "hang" }, /didn't answer within the time/],
    ["the model is a page", { "GET /models/model_a": { body: "<html>" } }, /can't be read/],
    [
      "the import hangs",
      { "GET /models/model_a": modelWithFile, "POST /uploads": "hang" },
      /too slow to submit in the remaining time/,
    ],
    [
      "the imported file never comes",
      {
        "GET /models/model_a": modelWithFile,
        "POST /uploads": { body: { upload: { id: "u" } } },
        "GET /uploads/u": "hang",
      },
      /too slow to submit in the remaining time/,
    ],
  ])("when %s", async (_, script, message) => {
    const ended = await run(script, performGenerate, { inputData: withFile })
    expect(ended).toMatchObject({ name: "AppError", submits: 0 })
    expect(ended.message).toMatch(message)
  })
})

describe("malformed lists", () => {
  const jobs = [
    { jobId: "job_1", status: "success" },
    { jobId: "job_1", status: "success" },
    { jobId: "job_2", status: "pondering" },
    null,
    { status: "success" },
    { jobId: "job_3", status: "success", metadata: { assetIds: "no", output: [1] }, createdAt: "yesterday" },
  ]
  const assets = [
    { id: "asset_1", url: "https://cdn.example/1" },
    { id: "asset_1", url: "https://cdn.example/1" },
    { id: "asset_2" },
    {},
    4,
  ]
  const models = [{ id: "model_1" }, { id: "model_1" }, { name: "x" }]
  it.each<readonly [string, Script, string, Array<string>]>([
    [
      "triggers.generation_finished",
      { "GET /jobs": { body: { jobs, nextPaginationToken: "t" } } },
      "any",
      ["job_1", "job_3"],
    ],
    ["triggers.new_asset", { "GET /assets": { body: { assets } } }, "", ["asset_1"]],
    ["triggers.model_list", { "GET /models": { body: { models } } }, "", ["model_1"]],
    ["searches.find_model", { "POST /search/models": { body: { hits: models } } }, "", ["model_1"]],
  ])("give each element once: %s", async (action, script, status, ids) => {
    const { results } = await run(script, `${action}.operation.perform`, {
      inputData: { status, words: "x" },
    })
    expect((Array.isArray(results) ? results : []).map((row) => at(row, "id"))).toEqual(ids)
  })

  it.each([
    ["authentication.test", "GET /models"],
    ["triggers.new_asset.operation.perform", "GET /assets"],
  ])("are read later if Scenario refuses them by a rate limit: %s", async (method, what) => {
    for (const answer of [limited(), limited("3"), limited("600")])
      expect((await run({ [what]: answer }, method)).name).toBe("ThrottledError")
    expect(await run({ [what]: page }, method)).toMatchObject({ name: "AppError" })
  })
})

describe("an import", () => {
  const imported: Script = {
    "POST /uploads": { body: { upload: { id: "upload_a", status: "imported", entityId: "asset_a" } } },
  }
  const bundle = { inputData: { file: "https://files.example/a.png" } }

  it.each<readonly [string, Answer]>([
    ["hangs", "hang"],
    ["is refused by a rate limit", limited("600")],
    ["is a page", page],
  ])("names its asset, and warns of a second import, if reading the asset %s", async (_, answer) => {
    const ended = await run(
      { ...imported, [asset]: answer },
      "creates.import_asset.operation.perform",
      bundle,
    )
    expect(ended).toMatchObject({
      name: "HaltedError",
      message: expect.stringMatching(/asset asset_a.*Don't/),
    })
  })

  it("is retried by Zapier if Scenario refused it", async () => {
    const ended = await run({ "POST /uploads": limited() }, "creates.import_asset.operation.perform", bundle)
    expect(ended.name).toBe("ThrottledError")
  })
})

describe("a request without an ID is not sent", () => {
  it.each([
    ["searches.find_generation", "generation"],
    ["searches.find_asset", "asset"],
    ["creates.cancel_generation", "generation"],
  ])("by %s", async (action, field) => {
    const ended = await run({}, `${action}.operation.perform`, { inputData: { [field]: " " } })
    expect(ended).toMatchObject({ name: "AppError", asked: [] })
    expect(ended.message).toMatch(/(Generation|Asset): Missing\. Choose/)
  })

  it("by a callback without a job", async () => {
    const ended = await run({}, "creates.generate_asset.operation.performResume", {
      cleanedRequest: { id: "job_a" },
    })
    expect(ended).toMatchObject({ name: "HaltedError", asked: [] })
  })
})

describe("the fields of a malformed model", () => {
  it("have unique keys and no empty texts", async () => {
    const inputs = [
      { name: "n", type: "number", min: "x", default: {} },
      { name: "s", type: "string", allowedValues: [1, null, { a: 1 }, "x"], label: "" },
      { name: "s", type: "string" },
      { name: "d", type: "string", description: "x".repeat(3000), label: "  " },
      { name: "z", type: "file_array", placeholder: "" },
      { type: "string" },
    ]
    const model = { "GET /models/model_a": { body: { model: { id: "model_a", custom: true, inputs } } } }
    const { results } = await run(model, "creates.generate_asset.operation.inputFields", { inputData })
    const fields = (Array.isArray(results) ? results : []).filter((field) =>
      String(at(field, "key")).startsWith("in_"),
    )
    expect(fields.map((field) => at(field, "key"))).toEqual(["in_n", "in_s", "in_d", "in_z"])
    for (const field of fields) {
      expect(String(at(field, "label")).trim()).not.toBe("")
      expect(at(field, "placeholder")).toBeUndefined()
      expect(String(at(field, "helpText")).length).toBeLessThanOrEqual(1000)
    }
  })
})
