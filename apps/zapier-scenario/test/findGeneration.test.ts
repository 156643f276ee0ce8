import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { type Answer, runAgainst, type Script } from "./hostileApi.ts"
import { at, catchFailure, generate, getKeys, performGenerate, startWorld } from "./zapier.ts"

const find = "searches.find_generation.operation.perform"
const generation = "job_a"
const poll = "GET /jobs/job_a"
const held = { inputData: { generation, ifNotFinished: "wait" } }
const inputData = { model: "model_a", in_prompt: "a red house" }

const job = (fields: object): Answer => ({ body: { job: { jobId: "job_a", ...fields } } })
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const asset = (id: string, metadata = {}) => ({
  id,
  url: `https://cdn.example/${id}`,
  mimeType: "image/png",
  kind: "image",
  status: "success",
  metadata,
})

/** A job of three files, of which the second doesn't exist. */
const partial: Script = {
  [poll]: job({ status: "success", metadata: { assetIds: ["asset_a", "asset_b", "asset_c"] } }),
  "POST /assets/get-bulk": { body: { assets: [asset("asset_c"), asset("asset_a")] } },
  "GET /assets/asset_b": { status: 404 },
}

describe("Find Generation, holding the Zap", () => {
  it.each<readonly [string, Script]>([
    ["500", { [poll]: { status: 500 } }],
    ["a gateway's page", { [poll]: { status: 502, body: "<html>Bad Gateway</html>" } }],
    ["no response", { [poll]: "hang" }],
    ["a reset", { [poll]: "reset" }],
    ["an unreadable body", { [poll]: { body: "null" } }],
    ["500 for a file", { "GET /assets/asset_a": { status: 500 } }],
  ])("checks again in a minute after %s", async (_, script) => {
    const ended = await runAgainst(script, find, held)
    expect(ended.name).toBe("ThrottledError")
    expect(ended.message).toMatch(/"delay":60/)
    expect(ended.message).toMatch(/checks again in a minute/)
  })

  it("accepts the choice by its label, and refuses other texts", async () => {
    const running = { [poll]: job({ status: "in-progress", createdAt: minutesAgo(1) }) }
    const byLabel = { inputData: { generation, ifNotFinished: " hold the zap AND check again every minute" } }
    expect((await runAgainst(running, find, byLabel)).name).toBe("ThrottledError")
    const wrong = await runAgainst(running, find, { inputData: { generation, ifNotFinished: "forever" } })
    expect(wrong).toMatchObject({ name: "AppError", asked: [] })
    expect(wrong.message).toMatch(/If Not Finished: Choose one of \\"Continue/)
  })

  it("ends half an hour after the job started, and never for a job without a date", async () => {
    const undated = { [poll]: job({ status: "in-progress" }) }
    expect((await runAgainst(undated, find, held)).name).toBe("ThrottledError")
    const history = [{ status: "queued", date: minutesAgo(31) }]
    const dated = { [poll]: job({ status: "in-progress", statusHistory: history }) }
    const ended = await runAgainst(dated, find, held)
    expect(ended).toMatchObject({ name: "HaltedError", message: expect.stringMatching(/half an hour/) })
    expect(ended.message).toMatch(/Use Find Generation with this ID/)
  })
})

describe("a job with missing files", () => {
  it.each([
    ["Generate Asset", performGenerate, { inputData }],
    ["Find Generation", find, { inputData: { generation } }],
    ["Find Generation, holding the Zap", find, held],
  ])(
    "is returned by %s with the other files, and a message that names the missing ones",
    async (_, method, bundle) => {
      const { results, name } = await runAgainst(partial, method, bundle)
      expect(name).toBe("SUCCESS")
      const output = Array.isArray(results) ? results[0] : results
      expect(output).toMatchObject({
        finished: true,
        status: "success",
        assetId: "asset_a",
        assets: [{ id: "asset_a" }, { id: "asset_c" }],
        message: expect.stringMatching(/1 of its 3 files is missing: asset_b.*Find Generation/),
      })
      expect(getKeys(output)).toEqual(Object.keys(generationSample))
    },
  )

  it("is found even if all are missing", async () => {
    const { results } = await runAgainst({ "GET /assets/asset_a": { status: 404 } }, find, {
      inputData: { generation },
    })
    expect(results).toMatchObject([
      {
        finished: true,
        assets: [],
        file: null,
        message: expect.stringMatching(/1 of its 1 files is missing: asset_a/),
      },
    ])
  })
})

describe("the model and the prompt of a generation", () => {
  const named: Script = {
    "GET /models/model_a": { body: { model: { id: "model_a", name: "Model A", custom: true } } },
    [poll]: job({ status: "success", metadata: { assetIds: ["asset_a"] } }),
    "GET /assets/asset_a": {
      body: { asset: asset("asset_a", { modelId: "model_a", prompt: "a red house" }) },
    },
  }
  const expected = { model: "model_a", modelName: "Model A", prompt: "a red house" }

  it("are read from its files if the job doesn't name them", async () => {
    const { results } = await runAgainst(named, find, { inputData: { generation } })
    expect(results).toMatchObject([expected])
    const nameless = { ...named, "GET /models/model_a": "hang" as const }
    const withoutName = await runAgainst(nameless, find, { inputData: { generation } })
    expect(withoutName.results).toMatchObject([{ ...expected, modelName: null }])
  })

  it("are those that the step sent, even if it isn't finished", async () => {
    await using world = await startWorld()
    world.simulator.planNextJob({ durationMs: 600_000 })
    for (const create of ["generate_asset", "start_generation"]) {
      const { results } = await world.call(`creates.${create}.operation.perform`, generate({}))
      expect(results).toMatchObject({
        model: "model_canvas-image-2",
        modelName: expect.stringMatching(/Canvas/),
        prompt: "a red house",
      })
    }
  })
})

describe("the message of an unfinished generation", () => {
  it("names Find Generation", async () => {
    await using world = await startWorld()
    world.simulator.planNextJob({ durationMs: 40_000 })
    const { results } = await world.call(performGenerate, generate({}))
    const [id, message, progress] = ["id", "message", "progress"].map((key) => at(results, key))
    expect(message).toBe(
      `Generation ${String(id)} isn't finished yet. It keeps running and is charged. Use Find Generation with this ID; don't generate it again.`,
    )
    expect(progress).toBeGreaterThan(30)
    expect(at(results, "status")).toBe("in-progress")
  })

  it("says that Scenario couldn't be reached, and names the ID once", async () => {
    const { results } = await runAgainst({ [poll]: { status: 500 } }, performGenerate, { inputData })
    const message = String(at(results, "message"))
    expect(message).toMatch(
      /couldn't be reached at the end, so it may be finished by now\. Use Find Generation with this ID/,
    )
    expect(message.match(/job_a/g)).toHaveLength(1)
  })
})

describe("the error of a failed generation", () => {
  it("joins the error and the hint as two sentences", async () => {
    const failed = job({ status: "failure", metadata: { error: "Out of paint", hint: "Buy some" } })
    const { results } = await runAgainst({ [poll]: failed }, find, { inputData: { generation } })
    expect(results).toMatchObject([{ finished: true, error: "Out of paint. Buy some." }])
    const silent = await runAgainst({ [poll]: job({ status: "failure" }) }, find, {
      inputData: { generation },
    })
    expect(silent.results).toMatchObject([{ error: "Scenario gives no reason." }])
  })
})

describe("a lost response to a submit", () => {
  it("names each candidate with its facts, and Find Generation", async () => {
    await using world = await startWorld()
    world.simulator.faults.next("lost-response")
    const failure = await catchFailure(world.call(performGenerate, generate({})))
    expect(failure.name).toBe("HaltedError")
    expect(failure.message).toMatch(
      /It may be job_\w+ \(started \d{4}-.*"a red house"\)\. Use Find Generation with this ID/,
    )
  })

  it("names the generation that a dry run started", async () => {
    await using world = await startWorld()
    world.simulator.faults.next("ignored-dry-run")
    const failure = await catchFailure(world.call(performGenerate, generate({ maxCost: 100 })))
    expect(failure.name).toBe("HaltedError")
    expect(failure.message).toMatch(
      /started generation job_\w+, which is charged.*Use Find Generation with this ID/,
    )
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("a file that isn't available yet", () => {
  const pending: Script = {
    ...partial,
    "GET /assets/asset_b": { body: { asset: { id: "asset_b", status: "pending" } } },
  }

  it("leaves the generation unfinished, with the available files", async () => {
    const { results } = await runAgainst(pending, find, { inputData: { generation } })
    expect(results).toMatchObject([
      {
        finished: false,
        assets: [{ id: "asset_a" }, { id: "asset_c" }],
        message: expect.stringMatching(/asset_b/),
      },
    ])
  })

  it("holds the Zap for half an hour, then the other files are returned", async () => {
    expect((await runAgainst(pending, find, held)).name).toBe("ThrottledError")
    const metadata = { assetIds: ["asset_a", "asset_b", "asset_c"] }
    const old = { ...pending, [poll]: job({ status: "success", createdAt: minutesAgo(31), metadata }) }
    const { results } = await runAgainst(old, find, held)
    expect(results).toMatchObject([{ finished: false, assets: [{ id: "asset_a" }, { id: "asset_c" }] }])
  })
})

describe("a success without a result", () => {
  it("is found as finished, with a message", async () => {
    const { results } = await runAgainst(
      { [poll]: job({ jobType: "custom", status: "success" }) },
      find,
      held,
    )
    expect(results).toMatchObject([
      { finished: true, assets: [], message: expect.stringMatching(/has no file and no other result/) },
    ])
  })

  it("is found with the links of an older job", async () => {
    const images = ["https://cdn.example/x.png"]
    const older: Answer = { body: { job: { jobId: "job_a", status: "success", result: { images } } } }
    const { results } = await runAgainst({ [poll]: older }, find, { inputData: { generation } })
    expect(results).toMatchObject([{ finished: true, assetUrl: images[0], file: images[0] }])
  })
})
