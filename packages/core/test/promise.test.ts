import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { createScenario, isScenarioError, type Scenario } from "../src/promise.ts"

let simulator: Simulator
let scenario: Scenario
let folder: string

beforeAll(async () => {
  simulator = await startSimulator({ speed: 20 })
  const { apiKey, apiSecret, baseUrl } = simulator
  scenario = createScenario({ apiKey, apiSecret, baseUrl })
  folder = await mkdtemp(join(tmpdir(), "scenario-"))
})

afterAll(async () => {
  await scenario.close()
  await simulator.close()
  await rm(folder, { recursive: true })
})

const redHouse = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt: "a red house" },
} as const

describe("createScenario", () => {
  it("goes from a request to files in three lines", async () => {
    const { assets } = await scenario.generate(redHouse)
    const [file] = await scenario.saveAll(assets, folder)
    assert.strictEqual((await readFile(file?.path ?? "")).length, file?.bytes)
  })

  it("has the stages one by one, and takes a job up from its JSON", async () => {
    const submission = await scenario.submit(redHouse)
    const saved = JSON.stringify(submission.job)
    const finished = await scenario.waitFor(JSON.parse(saved))
    const [asset] = await scenario.resolve(finished)
    assert.strictEqual(asset?.kind, "image")
    let bytes = 0
    for await (const chunk of scenario.download(asset?.assetId ?? "")) bytes += chunk.length
    assert.isAbove(bytes, 0)
  })

  it("watches as an async iterable", async () => {
    const submission = await scenario.submit(redHouse)
    const tags: Array<string> = []
    for await (const update of scenario.watch(submission)) tags.push(update._tag)
    assert.strictEqual(tags.at(-1), "JobSucceeded")
  })

  it("answers concurrent calls for assets by few requests", async () => {
    const assetIds = Array.from({ length: 250 }, () => simulator.addAsset())
    const before = simulator.requests().length
    const assets = await Promise.all(assetIds.map((assetId) => scenario.assets.get(assetId)))
    assert.deepStrictEqual(
      assets.map((asset) => asset.assetId),
      assetIds,
    )
    assert.strictEqual(simulator.requests().length - before, 2)
  })

  it("rejects with the typed error itself", async () => {
    const error = await scenario.waitFor("job_unknown").catch((thrown: unknown) => thrown)
    assert.isTrue(isScenarioError(error))
    assert.strictEqual(isScenarioError(error) && error._tag === "ApiError" && error.reason._tag, "NotFound")
  })

  it("rejects an aborted call with an AbortError, and the job goes on", async () => {
    simulator.planNextJob({ durationMs: 600_000 })
    const submission = await scenario.submit(redHouse)
    const controller = new AbortController()
    const waiting = scenario.waitFor(submission, {
      signal: controller.signal,
      onUpdate: () => controller.abort(),
    })
    const error = await waiting.catch((thrown: unknown) => thrown)
    assert.strictEqual(error instanceof Error && error.name, "AbortError")
    assert.notStrictEqual((await scenario.jobs.get(submission)).status, "canceled")
  })

  it("rejects at once where the signal was aborted before", async () => {
    const before = simulator.requests().length
    const error = await scenario.jobs
      .get("job_1", { signal: AbortSignal.abort() })
      .catch((thrown: unknown) => thrown)
    assert.strictEqual(error instanceof Error && error.name, "AbortError")
    assert.strictEqual(simulator.requests().length, before)
  })

  it("lists lazily", async () => {
    const before = simulator.requests().length
    for await (const job of scenario.jobs.list({ pageSize: 1 })) {
      assert.isString(job.jobId)
      break
    }
    assert.strictEqual(simulator.requests().length - before, 1)
  })

  it("says what is missing where there is no key", () => {
    assert.throws(() => createScenario({ apiKey: "", apiSecret: "x" }), /apiKey/)
  })

  it("is of no use after close", async () => {
    const { apiKey, apiSecret, baseUrl } = simulator
    const closed = createScenario({ apiKey, apiSecret, baseUrl })
    await closed.models.get("model_flux-1-dev")
    await closed.close()
    assert.instanceOf(await closed.jobs.get("job_1").catch((thrown: unknown) => thrown), Error)
  })
})
