import { createServer } from "node:http"
import { describe, expect, it } from "vitest"
import { type Answer, runAgainst, type Script } from "./hostileApi.ts"
import { at, catchFailure, generate, listen, performGenerate, shut, startWorld } from "./zapier.ts"

const inputData = { model: "model_a", in_prompt: "a red house" }
const model = {
  body: { model: { id: "model_a", custom: true, inputs: [{ name: "prompt", type: "string" }] } },
}
const done: Answer = {
  body: { job: { jobId: "job_a", status: "success", metadata: { assetIds: ["asset_a"] } } },
}
const asset = {
  body: { asset: { id: "asset_a", url: "https://cdn.example/a", mimeType: "image/png", kind: "image" } },
}

describe("a read that hangs", () => {
  it.each<readonly [string, Script]>([
    ["the model", { "GET /models/model_a": ["hang", model] }],
    ["the job", { "GET /jobs/job_a": ["hang", done] }],
    ["the file", { "GET /assets/asset_a": ["hang", asset] }],
  ])("is sent again after 7 seconds: %s", async (_, script) => {
    const ended = await runAgainst(script, performGenerate, { inputData })
    expect(ended.results).toMatchObject({ finished: true, assetId: "asset_a" })
    expect(ended.tookMs).toBeLessThan(12_000)
    expect(ended.submits).toBe(1)
  })
})

describe("a single 401", () => {
  it.each<readonly [string, string, string, Script]>([
    [
      "before the submit",
      performGenerate,
      "GET /models/model_a",
      { "GET /models/model_a": [{ status: 401 }, model] },
    ],
    [
      "to the submit",
      performGenerate,
      "POST /generate/custom/model_a",
      {
        "POST /generate/custom/model_a": [
          { status: 401 },
          { body: { job: { jobId: "job_a", status: "queued" } } },
        ],
      },
    ],
    ["to a poll", performGenerate, "GET /jobs/job_a", { "GET /jobs/job_a": [{ status: 401 }, done] }],
    [
      "to a poll of a trigger",
      "triggers.generation_finished.operation.perform",
      "GET /jobs",
      { "GET /jobs": [{ status: 401 }, { body: { jobs: [] } }] },
    ],
  ])("is sent again, and doesn't turn the Zap off: %s", async (_, method, request, script) => {
    const ended = await runAgainst(script, method, { inputData: method === performGenerate ? inputData : {} })
    expect(ended.name).toBe("SUCCESS")
    expect(ended.asked.filter((what) => what === request)).toHaveLength(2)
  })

  it("turns the Zap off if a second 401 follows", async () => {
    const ended = await runAgainst({ "GET /models/model_a": { status: 401 } }, performGenerate, { inputData })
    expect(ended.name).toBe("ExpiredAuthError")
    expect(ended.asked).toEqual(["GET /models/model_a", "GET /models/model_a"])
  })
})

const importAsset = "creates.import_asset.operation.perform"

describe("an import", () => {
  it.each<readonly [string, Answer]>([
    ["is lost", "reset"],
    ["never arrives", "hang"],
    ["is cut", "cut"],
    ["is a gateway's page", { status: 502, body: "<html>" }],
    ["names no upload", { body: {} }],
  ])("whose response %s halts the Zap, and warns of a second import", async (_, answer) => {
    const ended = await runAgainst({ "POST /uploads": answer }, importAsset, {
      inputData: { file: "https://files.example/a.png" },
    })
    expect(ended.name).toBe("HaltedError")
    expect(ended.message).toMatch(
      /uncertain whether Scenario is importing the file.*before you import the file again/,
    )
    expect(ended.asked).toEqual(["POST /uploads"])
  })

  it("whose state can't be read names the upload", async () => {
    const started = { body: { upload: { id: "upload_1", status: "validating" } } }
    const script = { "POST /uploads": started, "GET /uploads/upload_1": { status: 500 } }
    const ended = await runAgainst(script, importAsset, {
      inputData: { file: "https://files.example/a.png" },
    })
    expect(ended).toMatchObject({ name: "HaltedError", message: expect.stringMatching(/upload upload_1/) })
  })

  it("of a link without a file name detects the kind and the name", async () => {
    await using world = await startWorld()
    const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(200_000, 7)])
    const files = createServer((request, response) => {
      const isNamed = request.url?.endsWith("named") === true
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        ...(isNamed
          ? { "content-disposition": `attachment; filename="x"; filename*=UTF-8''f%C3%B6x.mp4` }
          : {}),
      })
      response.end(png)
    })
    const origin = await listen(files)
    const importLink = async (path: string, more = {}) =>
      (await world.call(importAsset, { inputData: { file: `${origin}/engine/hydrate/1/${path}`, ...more } }))
        .results
    const named = await importLink("named")
    const bare = await importLink("bare")
    await importLink("bare", { kind: "Audio" })
    await shut(files)
    const sent = world.simulator
      .requests()
      .filter(({ method, path }) => method === "POST" && path.endsWith("/uploads"))
    expect(sent.map(({ body }) => at(body, "kind"))).toEqual(["video", "image", "audio"])
    expect(named).toMatchObject({ name: "föx.mp4" })
    expect(bare).toMatchObject({ kind: "image" })
    const shown = world.simulator.assets().map((one) => at(one, "metadata", "name"))
    expect(shown).toContain("föx.mp4")
  })
})

describe("a connection", () => {
  it.each([
    [undefined, undefined],
    ["", "secret"],
    ["api_key", "  "],
    ["api_key\nx", "secret"],
  ])("with the key %j and the secret %j is refused, and nothing is sent", async (apiKey, apiSecret) => {
    await using world = await startWorld()
    for (const method of ["authentication.test", performGenerate]) {
      const failure = await catchFailure(
        world.call(method, { ...generate({}), authData: { apiKey, apiSecret } }),
      )
      expect(failure.name).toBe("AppError")
      expect(failure.message).toMatch(/API key or the API secret is missing/)
    }
    expect(world.simulator.requests()).toEqual([])
  })

  it("accepts a key with pasted white space", async () => {
    await using world = await startWorld()
    const { apiKey, apiSecret } = world.simulator
    const { results } = await world.call("authentication.test", {
      authData: { apiKey: ` ${apiKey}\n`, apiSecret: `${apiSecret} ` },
    })
    expect(results).toEqual({ keyHint: "api_…0key" })
  })

  it("renders its authentication if it has a key", async () => {
    await using world = await startWorld()
    const { apiKey, apiSecret, baseUrl } = world.simulator
    const render = async (targetRequest: unknown, authData: Record<string, unknown>) =>
      (await world.run({ command: "renderAuthTemplate", bundle: { authData, targetRequest } })).results
    const pair = Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")
    for (const targetRequest of [{ url: `${baseUrl}/models`, method: "GET" }, undefined]) {
      expect(await render(targetRequest, { apiKey, apiSecret })).toMatchObject({
        authType: "custom",
        template: { headers: { Authorization: `Basic ${pair}` } },
      })
      expect(JSON.stringify(await render(targetRequest, {}))).not.toContain("Authorization")
    }
    expect(world.simulator.requests()).toEqual([])
  })
})
