import { describe, expect, it } from "vitest"
import { anEntry } from "../test/sample.ts"
import { jobTimes, span, ticks } from "./jobTimes.ts"

const second = (value: number) => Date.parse("2026-01-01T00:00:00Z") + value * 1000

describe("jobTimes", () => {
  it("ends each status where the next begins", () => {
    expect(jobTimes(anEntry())).toEqual({
      from: second(0),
      to: second(9),
      stretches: [
        { status: "queued", from: second(0), to: second(1) },
        { status: "in-progress", from: second(1), to: second(9) },
      ],
      looks: [second(6), second(9.5)],
    })
  })

  it("lets a job that still runs last until we last looked", () => {
    const running = anEntry({
      status: "in-progress",
      timeline: [{ status: "queued", at: "2026-01-01T00:00:00Z" }],
    })
    expect(jobTimes(running)?.to).toBe(second(9.5))
  })

  it("sorts a history that came out of order and skips dates that are none", () => {
    const muddled = anEntry({
      timeline: [...anEntry().timeline, { status: "queued", at: "whenever" }].toReversed(),
    })
    expect(jobTimes(muddled)).toEqual(jobTimes(anEntry()))
  })

  it("knows nothing of a job without dates", () => {
    expect(jobTimes(anEntry({ timeline: [], finishedAt: "2026-01-01T00:00:09Z" }))).toBeUndefined()
  })
})

describe("the axis", () => {
  it("spans every job and every look", () => {
    const times = jobTimes(anEntry())
    expect(span(times === undefined ? [] : [times, times])).toEqual({ from: second(0), to: second(9.5) })
    expect(span([])).toBeUndefined()
  })

  it("has few, round and equally distant ticks at any length", () => {
    for (let length = 1; length < 1e12; length = Math.ceil(length * 1.7)) {
      const axis = ticks(length)
      expect(axis.length).toBeGreaterThanOrEqual(2)
      expect(axis.length).toBeLessThanOrEqual(7)
      expect(axis.at(-1)).toBeLessThanOrEqual(length)
    }
  })
})
