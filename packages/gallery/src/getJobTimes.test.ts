import { describe, expect, it } from "vitest"
import { anEntry } from "../test/sample.ts"
import { getJobTimes, getSpan, getTicks } from "./getJobTimes.ts"

const second = (value: number) => Date.parse("2026-01-01T00:00:00Z") + value * 1000

describe("getJobTimes", () => {
  it("ends each status when the next one begins", () => {
    expect(getJobTimes(anEntry())).toEqual({
      from: second(0),
      to: second(9),
      stretches: [
        { status: "queued", from: second(0), to: second(1) },
        { status: "in-progress", from: second(1), to: second(9) },
      ],
      polls: [second(6), second(9.5)],
    })
  })

  it("lets an unfinished job last until its last poll", () => {
    const running = anEntry({
      status: "in-progress",
      timeline: [{ status: "queued", at: "2026-01-01T00:00:00Z" }],
    })
    expect(getJobTimes(running)?.to).toBe(second(9.5))
  })

  it("sorts the history, and skips invalid dates", () => {
    const muddled = anEntry({
      timeline: [...anEntry().timeline, { status: "queued", at: "not a date" }].toReversed(),
    })
    expect(getJobTimes(muddled)).toEqual(getJobTimes(anEntry()))
  })

  it("returns nothing for a job without dates", () => {
    expect(getJobTimes(anEntry({ timeline: [], finishedAt: "2026-01-01T00:00:09Z" }))).toBeUndefined()
  })
})

describe("the axis", () => {
  it("spans every job and every poll", () => {
    const times = getJobTimes(anEntry())
    expect(getSpan(times === undefined ? [] : [times, times])).toEqual({ from: second(0), to: second(9.5) })
    expect(getSpan([])).toBeUndefined()
  })

  it("has two to seven ticks at any length", () => {
    for (let length = 1; length < 1e12; length = Math.ceil(length * 1.7)) {
      const axis = getTicks(length)
      expect(axis.length).toBeGreaterThanOrEqual(2)
      expect(axis.length).toBeLessThanOrEqual(7)
      expect(axis.at(-1)).toBeLessThanOrEqual(length)
    }
  })
})
