import { describe, expect, it } from "vitest"
import { defaultRetryDelays } from "../settings/defaults.ts"
import { type AttemptOutcome, getNextStep } from "./retrySchedule.ts"

const after = (outcome: AttemptOutcome, attempts = 1) =>
  getNextStep(outcome, { attempts, now: 1_000, retryDelays: defaultRetryDelays })

describe("the retry schedule", () => {
  it("follows Svix's delays and ends after eight attempts", () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map(
      (attempts) => ((after({ status: 500 }, attempts).nextAttemptAt ?? 0) - 1_000) / 1_000,
    )
    expect(delays).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000])
    expect(after({ status: 500 }, 8)).toEqual({ state: "dead", lastError: "status 500" })
  })

  it("takes any 2xx as delivered", () => {
    for (const status of [200, 202, 204, 299]) expect(after({ status })).toEqual({ state: "delivered" })
  })

  it("retries redirects, refusals, and missing responses", () => {
    for (const status of [301, 307, 400, 403, 429, 500, 503])
      expect(after({ status }).state).toBe("delivering")
    expect(after({ failure: "connection refused" })).toMatchObject({
      state: "delivering",
      lastError: "connection refused",
    })
  })

  it("gives up at once after 404, 410, and the receiver's instruction", () => {
    expect(after({ status: 404 }).state).toBe("dead")
    expect(after({ status: 410 }).state).toBe("dead")
    expect(after({ status: 500, instruction: "abort-message" }).state).toBe("dead")
    expect(after({ status: 500, instruction: "disable" })).toMatchObject({ state: "dead", disables: true })
  })

  it("waits for Retry-After if that is longer than the schedule, at most ten hours", () => {
    expect(after({ status: 429, retryAfterMs: 60_000 }).nextAttemptAt).toBe(61_000)
    expect(after({ status: 429, retryAfterMs: 1_000 }).nextAttemptAt).toBe(6_000)
    expect(after({ status: 503, retryAfterMs: 1e12 }).nextAttemptAt).toBe(36_001_000)
  })
})
