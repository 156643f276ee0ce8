import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { ApiError, createScenario, isScenarioError } from "../src/promise.ts"
import { expectError, expectInstance, redHouse, useWorld } from "./support/promiseWorld.ts"

const world = useWorld()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scenario-"))
})

afterAll(() => rm(folder, { recursive: true }))

describe("createScenario", () => {
  it("runs a request and saves its files", async () => {
    const { assets } = await world.scenario.generate(redHouse)
    const [file] = await world.scenario.saveAll(assets, folder)
    assert.strictEqual((await readFile(file?.path ?? "")).length, file?.bytes)
  })

  it("runs the stages one by one, and continues a job from its JSON", async () => {
    const submission = await world.scenario.submit(redHouse)
    const saved = JSON.stringify(submission.job)
    const finished = await world.scenario.waitFor(JSON.parse(saved))
    const [asset] = await world.scenario.resolve(finished)
    assert.strictEqual(asset?.kind, "image")
    let bytes = 0
    for await (const chunk of world.scenario.download(asset?.assetId ?? "")) bytes += chunk.length
    assert.isAbove(bytes, 0)
  })

  it("watches a job as an async iterable", async () => {
    const submission = await world.scenario.submit(redHouse)
    const tags: Array<string> = []
    for await (const update of world.scenario.watch(submission)) tags.push(update._tag)
    assert.strictEqual(tags.at(-1), "JobSucceeded")
  })

  it("combines 250 concurrent asset reads into two requests", async () => {
    const assetIds = Array.from({ length: 250 }, () => world.simulator.addAsset())
    const before = world.simulator.requests().length
    const assets = await Promise.all(assetIds.map((assetId) => world.scenario.assets.get(assetId)))
    assert.deepStrictEqual(
      assets.map((asset) => asset.assetId),
      assetIds,
    )
    assert.strictEqual(world.simulator.requests().length - before, 2)
  })

  it("converts an asset's file to another format", async () => {
    const assetId = world.simulator.addAsset({ kind: "image" })
    const link = await world.scenario.assets.convert(assetId, "webp")
    assert.deepInclude(link, { assetId, format: "webp" })
    assert.include(link.url, "format=webp")
  })

  it("rejects with the typed error", async () => {
    const error = await expectInstance(world.scenario.waitFor("job_unknown"), ApiError)
    assert.isTrue(isScenarioError(error))
    assert.strictEqual(error.reason._tag, "NotFound")
  })

  it("rejects an aborted call with an AbortError, and the job continues", async () => {
    world.simulator.planNextJob({ durationMs: 600_000 })
    const submission = await world.scenario.submit(redHouse)
    const controller = new AbortController()
    const waiting = world.scenario.waitFor(submission, {
      signal: controller.signal,
      onUpdate: () => controller.abort(),
    })
    await expectError(waiting, "AbortError")
    assert.notStrictEqual((await world.scenario.jobs.get(submission)).status, "canceled")
  })

  it("rejects at once if the signal is already aborted", async () => {
    const before = world.simulator.requests().length
    await expectError(world.scenario.jobs.get("job_1", { signal: AbortSignal.abort() }), "AbortError")
    assert.strictEqual(world.simulator.requests().length, before)
  })

  it("reads only the pages of a list that are needed", async () => {
    const before = world.simulator.requests().length
    for await (const job of world.scenario.jobs.list({ pageSize: 1 })) {
      assert.isString(job.jobId)
      break
    }
    assert.strictEqual(world.simulator.requests().length - before, 1)
  })

  it("throws with the name of a missing key", () => {
    assert.throws(() => createScenario({ apiKey: "", apiSecret: "x" }), /apiKey/)
  })

  it("rejects calls after close", async () => {
    const { apiKey, apiSecret, baseUrl } = world.simulator
    const closed = createScenario({ apiKey, apiSecret, baseUrl })
    await closed.models.get("model_flux-1-dev")
    await closed.close()
    assert.isDefined(await expectError(closed.jobs.get("job_1"), "Error"))
  })
})
