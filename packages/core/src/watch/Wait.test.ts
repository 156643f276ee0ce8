import { assert, describe, it } from "vitest"
import { Wait } from "./Wait.ts"

const hour = 3_600_000
const moment = {
  expectation: { medianMs: 20_000, sigma: 0.3, isLearned: true },
  waits: 1,
  chance: 0.5,
}

const waitOf = (timeoutMs: number) => {
  const wait = new Wait({
    job: { jobId: "job_1", submittedAt: new Date(hour).toISOString() },
    isTold: false,
    now: hour,
    serverNow: hour,
    timeoutMs,
  })
  wait.plan({ ...moment, now: hour, serverNow: hour })
  return wait
}

describe("Wait", () => {
  it("makes its last look after the machine has slept past the deadline", () => {
    const wait = waitOf(60_000)
    const woken = hour + 8 * hour
    assert.isFalse(wait.isOver(woken))
    assert.isAbove(wait.delayAt(woken), 1e6)
    assert.isTrue(wait.isOver(woken + 1_000))
  })

  it("is due at the same distance from now after the clock was set back", () => {
    const wait = waitOf(60_000)
    const before = wait.nextAt - hour
    wait.shift(-hour)
    assert.strictEqual(wait.nextAt, before)
    assert.strictEqual(wait.deadline, 60_000)
  })

  it("is worth its price when its look is due, four times as much after twice the gap, and nothing long before", () => {
    const wait = waitOf(600_000)
    const { nextAt: at, gapMs, worthMs } = wait
    assert.approximately(wait.delayAt(at), worthMs, 1e-6)
    assert.approximately(wait.delayAt(at + gapMs), 4 * worthMs, 1e-6)
    assert.strictEqual(wait.delayAt(at - 2 * gapMs), 0)
  })

  it("never plans a look beyond the last one before its deadline", () => {
    assert.strictEqual(waitOf(5_000).nextAt, hour + 4_500)
  })
})
