import { assert, describe, it } from "vitest"
import { readJob } from "../api/Job.ts"
import { pollFrequency } from "./pollFrequency.ts"
import { Wait } from "./Wait.ts"

const hour = 3_600_000
const serverNow = Date.parse("2026-11-24T12:00:00Z")
const conditions = {
  expectation: { medianMs: 20_000, sigma: 0.3, isLearned: true },
  waits: 1,
  random: 0.5,
}

const makeWait = (timeoutMs: number) => {
  const wait = new Wait({
    job: { jobId: "job_1", submittedAt: new Date(serverNow).toISOString() },
    isWatched: false,
    now: hour,
    timeoutMs,
  })
  wait.setPlan({ ...conditions, now: hour, serverNow })
  return wait
}

const running = () => {
  const job = readJob({ jobId: "job_1", status: "in-progress" })
  if (job === undefined) throw new Error("not a job")
  return job
}

describe("Wait", () => {
  it("gets a last poll and time for it after the machine has slept past the deadline", () => {
    const wait = makeWait(60_000)
    const woken = hour + 8 * hour
    wait.extendAfterSleep(woken)
    assert.isFalse(wait.isOver(woken + 20_000))
    assert.isAbove(wait.getExpectedDelay(woken), 1e6)
    assert.isTrue(wait.isOver(woken + pollFrequency.lastPoll.afterSleepMs))
  })

  it("doesn't end before its deadline, although its last poll succeeded", () => {
    const wait = makeWait(1_500)
    wait.onJob(running())
    wait.finishLastPoll()
    wait.setPlan({ ...conditions, now: hour + 1_100, serverNow: serverNow + 1_100 })
    assert.isFalse(wait.isOver(hour + 1_499))
    assert.isTrue(wait.isOver(hour + 1_500))
    assert.strictEqual(wait.getExpectedDelay(hour + 1_200), 0)
  })

  it("costs one poll when due, four times as much after twice the gap, and nothing long before", () => {
    const wait = makeWait(600_000)
    const { dueAt: at, gapMs, costMs } = wait
    assert.approximately(wait.getExpectedDelay(at), costMs, 1e-6)
    assert.approximately(wait.getExpectedDelay(at + gapMs), 4 * costMs, 1e-6)
    assert.strictEqual(wait.getExpectedDelay(at - 2 * gapMs), 0)
  })

  it("never plans a poll beyond the last one before its deadline", () => {
    assert.strictEqual(makeWait(5_000).dueAt, hour + 4_500)
  })

  it("completes its reference from the job", () => {
    const wait = new Wait({ job: { jobId: "job_1" }, isWatched: false, now: 0, timeoutMs: 1_000 })
    const job = readJob({
      jobId: "job_1",
      createdAt: "2026-11-24T12:00:00Z",
      metadata: { modelId: "model_1" },
    })
    if (job !== undefined) wait.onJob(job)
    assert.deepStrictEqual(wait.job, {
      jobId: "job_1",
      submittedAt: "2026-11-24T12:00:00Z",
      modelId: "model_1",
      workflowId: undefined,
    })
  })
})
