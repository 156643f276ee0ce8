import { afterAll, assert, beforeAll, beforeEach, describe, it } from "vitest"
import { CallAborted } from "../src/promise.ts"
import { expectError, type PromiseWorld, redHouse, startWorld } from "./support/promiseWorld.ts"

let world: PromiseWorld

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => world.simulator.faults.clear())

const endlessJob = () => world.simulator.addJob({ status: "in-progress", durationMs: 10 * 3_600_000 })

describe("an aborted call", () => {
  it("rejects with its reason as the cause, and with the job", async () => {
    const jobId = endlessJob()
    const controller = new AbortController()
    const reason = new Error("the visitor has left")
    const waiting = world.scenario.waitFor(jobId, { signal: controller.signal })
    controller.abort(reason)
    const error = await expectError(waiting, "AbortError")
    assert.instanceOf(error, CallAborted)
    assert.strictEqual(error.cause, reason)
    assert.strictEqual(error instanceof CallAborted && error.job?.jobId, jobId)
    assert.include(error.message, jobId)
  })

  it("has the name of AbortSignal.timeout's reason", async () => {
    const jobId = endlessJob()
    const waiting = world.scenario.waitFor(jobId, { signal: AbortSignal.timeout(20) })
    const error = await expectError(waiting, "TimeoutError")
    assert.strictEqual(error instanceof CallAborted && error.job?.jobId, jobId)
  })

  it.each([
    ["jobs.get", (signal: AbortSignal) => world.scenario.jobs.get("job_1", { signal })],
    ["cancel", (signal: AbortSignal) => world.scenario.cancel("job_1", { signal })],
    ["assets.get", (signal: AbortSignal) => world.scenario.assets.get("asset_1", { signal })],
    ["models.get", (signal: AbortSignal) => world.scenario.models.get("model_unread", { signal })],
    ["estimate", (signal: AbortSignal) => world.scenario.estimate(redHouse, { signal })],
    ["usage.get", (signal: AbortSignal) => world.scenario.usage.get({}, { signal })],
    ["jobs.list", (signal: AbortSignal) => world.scenario.jobs.list({ signal }).next()],
    ["assets.list", (signal: AbortSignal) => world.scenario.assets.list({ signal }).next()],
    ["assets.search", (signal: AbortSignal) => world.scenario.assets.search("x", { signal }).next()],
    ["models.list", (signal: AbortSignal) => world.scenario.models.list({ signal }).next()],
    ["workflows.list", (signal: AbortSignal) => world.scenario.workflows.list({ signal }).next()],
    ["collections.list", (signal: AbortSignal) => world.scenario.collections.list({ signal }).next()],
    ["watch", (signal: AbortSignal) => world.scenario.watch("job_1", { signal }).next()],
    ["download", (signal: AbortSignal) => world.scenario.download("asset_1", { signal }).next()],
  ])("ends at once while Scenario does not answer: %s", async (_, call) => {
    world.simulator.faults.rate("hang", 1)
    const controller = new AbortController()
    const calling = call(controller.signal)
    setImmediate(() => controller.abort())
    assert.instanceOf(await expectError(calling, "AbortError"), CallAborted)
  })

  it.each([
    ["jobs.get", (job: string, signal: AbortSignal) => world.scenario.jobs.get(job, { signal })],
    ["cancel", (job: string, signal: AbortSignal) => world.scenario.cancel(job, { signal })],
    [
      "workflows.approve",
      (job: string, signal: AbortSignal) => world.scenario.workflows.approve(job, "step", { signal }),
    ],
    [
      "resolve",
      (jobId: string, signal: AbortSignal) =>
        world.scenario.resolve({ job: { jobId }, assetIds: ["asset_1"] }, { signal }),
    ],
  ])("claims nothing about a job that it neither submitted nor waits for: %s", async (_, call) => {
    world.simulator.faults.rate("hang", 1)
    const controller = new AbortController()
    const calling = call("job_1", controller.signal)
    setImmediate(() => controller.abort())
    const error = await expectError(calling, "AbortError")
    assert.strictEqual(error instanceof CallAborted && error.job?.jobId, "job_1")
    assert.strictEqual(error.message, "The call was aborted.")
  })

  it("says that the job goes on if the call waits for it", async () => {
    const controller = new AbortController()
    const waiting = world.scenario.waitFor(endlessJob(), { signal: controller.signal })
    controller.abort()
    assert.include((await expectError(waiting, "AbortError")).message, "goes on and is billed")
  })

  it("sends nothing if its signal was aborted before", async () => {
    const before = world.simulator.requests().length
    const signal = AbortSignal.abort()
    await expectError(world.scenario.submit(redHouse, { signal }), "AbortError")
    await expectError(world.scenario.models.list({ signal }).next(), "AbortError")
    assert.strictEqual(world.simulator.requests().length, before)
  })

  it("ends within two seconds after the submit has left, and onSubmitted is still called", async () => {
    world.simulator.faults.next("slow", { path: "/generate/", delayMs: 70_000 })
    const controller = new AbortController()
    const before = world.simulator.requests().length
    let submitted: (jobId: string) => void
    const known = new Promise<string>((resolve) => (submitted = resolve))
    const submitting = world.scenario.submit(redHouse, {
      signal: controller.signal,
      onSubmitted: ({ job }) => submitted(job.jobId),
    })
    submitting.catch(() => undefined)
    while (
      !world.simulator
        .requests()
        .slice(before)
        .some(({ path }) => path.includes("/generate/"))
    ) {
      await new Promise(setImmediate)
    }
    controller.abort()
    await expectError(submitting, "AbortError")
    assert.strictEqual(await known, world.simulator.ledger().entries.at(-1)?.jobId)
  })
})

describe("an iterator", () => {
  it("ends at once when return() is called while next() is pending", async () => {
    const updates = world.scenario.watch(endlessJob())
    await updates.next()
    const pending = updates.next()
    const [returned, ended, later] = await Promise.all([updates.return?.(), pending, updates.next()])
    for (const result of [returned, ended, later])
      assert.deepStrictEqual(result, { done: true, value: undefined })
  })

  it("rejects its next next() if it was aborted between two, and is over then", async () => {
    const controller = new AbortController()
    const jobs = world.scenario.jobs.list({ pageSize: 1, signal: controller.signal })
    endlessJob()
    await jobs.next()
    controller.abort()
    await expectError(jobs.next(), "AbortError")
    assert.isTrue((await jobs.next()).done)
  })

  it("gives everything to calls of next() that do not wait for each other", async () => {
    const chunks = world.scenario.download(world.simulator.addAsset())
    const first = await Promise.all([chunks.next(), chunks.next(), chunks.next()])
    assert.isFalse(first[0].done ?? false)
    await chunks.return?.()
  })
})

describe("close", () => {
  it("ends calls, watches and downloads, with their jobs, within two seconds", async () => {
    await using closing = await startWorld()
    const { scenario, simulator } = closing
    const jobId = simulator.addJob({ status: "in-progress", durationMs: 36_000_000 })
    const download = scenario.download(simulator.addAsset({ bytes: new Uint8Array(5_000_000) }))
    const updates = scenario.watch(jobId)
    await updates.next()
    const calls = [scenario.waitFor(jobId), scenario.resume(jobId), updates.next()]
    const ended = Promise.all(calls.map((call) => expectError(call, "AbortError")))
    await scenario.jobs.get(jobId)
    simulator.faults.rate("hang", 1)
    await scenario.close()
    for (const error of await ended) {
      assert.strictEqual(error instanceof CallAborted && error.job?.jobId, jobId)
    }
    await expectError(download.next(), "Error")
    await expectError(scenario.waitFor(jobId), "Error")
  })

  it("lasts no longer than two seconds while a submit has left", async () => {
    await using closing = await startWorld()
    const { scenario, simulator } = closing
    simulator.faults.next("slow", { path: "/generate/", delayMs: 80_000 })
    const before = simulator.requests().length
    let submitted: (jobId: string) => void
    const known = new Promise<string>((resolve) => (submitted = resolve))
    const submitting = expectError(
      scenario.submit(redHouse, { onSubmitted: ({ job }) => submitted(job.jobId) }),
      "AbortError",
    )
    while (
      !simulator
        .requests()
        .slice(before)
        .some(({ path }) => path.includes("/generate/"))
    ) {
      await new Promise(setImmediate)
    }
    await scenario.close()
    await submitting
    assert.strictEqual(await known, simulator.ledger().entries[0]?.jobId)
  })
})
