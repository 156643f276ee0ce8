import { assert, beforeEach, describe, it } from "vitest"
import { CallAborted } from "../src/promise.ts"
import {
  expectError,
  expectInstance,
  type PromiseWorld,
  redHouse,
  startWorld,
  useWorld,
} from "./support/promiseWorld.ts"

const world = useWorld()
beforeEach(() => world.simulator.faults.clear())

const addEndlessJob = () => world.simulator.addJob({ status: "in-progress", durationMs: 10 * 3_600_000 })

const expectAborted = async (promise: Promise<unknown>, name: "AbortError" | "TimeoutError") => {
  const error = await expectInstance(promise, CallAborted)
  assert.strictEqual(error.name, name)
  return error
}

/** Resolves after a submit was sent. */
const waitForSubmit = async ({ simulator }: PromiseWorld, seenRequests: number): Promise<void> => {
  const isSent = () =>
    simulator
      .requests()
      .slice(seenRequests)
      .some(({ path }) => path.includes("/generate/"))
  while (!isSent()) await new Promise(setImmediate)
}

describe("an aborted call", () => {
  it("rejects with the signal's reason as its cause, and with the job", async () => {
    const jobId = addEndlessJob()
    const controller = new AbortController()
    const reason = new Error("the page was closed")
    const waiting = world.scenario.waitFor(jobId, { signal: controller.signal })
    controller.abort(reason)
    const error = await expectAborted(waiting, "AbortError")
    assert.strictEqual(error.cause, reason)
    assert.strictEqual(error.job?.jobId, jobId)
    assert.include(error.message, jobId)
  })

  it("rejects with a TimeoutError for AbortSignal.timeout", async () => {
    const jobId = addEndlessJob()
    const waiting = world.scenario.waitFor(jobId, { signal: AbortSignal.timeout(20) })
    const error = await expectAborted(waiting, "TimeoutError")
    assert.strictEqual(error.job?.jobId, jobId)
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
  ])("ends at once while Scenario does not respond: %s", async (_, call) => {
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
  ])(
    "does not say that the job continues if it neither submitted it nor waits for it: %s",
    async (_, call) => {
      world.simulator.faults.rate("hang", 1)
      const controller = new AbortController()
      const calling = call("job_1", controller.signal)
      setImmediate(() => controller.abort())
      const error = await expectAborted(calling, "AbortError")
      assert.strictEqual(error.job?.jobId, "job_1")
      assert.strictEqual(error.message, "The call was aborted.")
    },
  )

  it("says that the job is charged if the call waits for it", async () => {
    const controller = new AbortController()
    const waiting = world.scenario.waitFor(addEndlessJob(), { signal: controller.signal })
    controller.abort()
    assert.include((await expectError(waiting, "AbortError")).message, "is charged")
  })

  it("sends nothing if its signal is already aborted", async () => {
    const before = world.simulator.requests().length
    const signal = AbortSignal.abort()
    await expectError(world.scenario.submit(redHouse, { signal }), "AbortError")
    await expectError(world.scenario.models.list({ signal }).next(), "AbortError")
    assert.strictEqual(world.simulator.requests().length, before)
  })

  it("still calls onSubmitted if the submit was sent", async () => {
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
    await waitForSubmit(world, before)
    controller.abort()
    await expectError(submitting, "AbortError")
    assert.strictEqual(await known, world.simulator.ledger().entries.at(-1)?.jobId)
  })
})

describe("an iterator", () => {
  it("ends at once when return() is called while next() is pending", async () => {
    const updates = world.scenario.watch(addEndlessJob())
    await updates.next()
    const pending = updates.next()
    const [returned, ended, later] = await Promise.all([updates.return?.(), pending, updates.next()])
    for (const result of [returned, ended, later])
      assert.deepStrictEqual(result, { done: true, value: undefined })
  })

  it("rejects the next call of next() if it was aborted between two calls, and then ends", async () => {
    const controller = new AbortController()
    const jobs = world.scenario.jobs.list({ pageSize: 1, signal: controller.signal })
    addEndlessJob()
    await jobs.next()
    controller.abort()
    await expectError(jobs.next(), "AbortError")
    assert.isTrue((await jobs.next()).done)
  })

  it("serves simultaneous calls of next()", async () => {
    const chunks = world.scenario.download(world.simulator.addAsset())
    const first = await Promise.all([chunks.next(), chunks.next(), chunks.next()])
    assert.isFalse(first[0].done ?? false)
    await chunks.return?.()
  })
})

describe("close", () => {
  it("ends calls, watches, and downloads with their jobs", async () => {
    await using closing = await startWorld()
    const { scenario, simulator } = closing
    const jobId = simulator.addJob({ status: "in-progress", durationMs: 36_000_000 })
    const download = scenario.download(simulator.addAsset({ bytes: new Uint8Array(5_000_000) }))
    const updates = scenario.watch(jobId)
    await updates.next()
    const calls = [scenario.waitFor(jobId), scenario.resume(jobId), updates.next()]
    const ended = Promise.all(calls.map((call) => expectAborted(call, "AbortError")))
    await scenario.jobs.get(jobId)
    simulator.faults.rate("hang", 1)
    await scenario.close()
    for (const error of await ended) {
      assert.strictEqual(error.job?.jobId, jobId)
    }
    await expectError(download.next(), "Error")
    await expectError(scenario.waitFor(jobId), "Error")
  })

  it("ends a submit that was sent, and still calls onSubmitted", async () => {
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
    await waitForSubmit(closing, before)
    await scenario.close()
    await submitting
    assert.strictEqual(await known, simulator.ledger().entries[0]?.jobId)
  })
})
