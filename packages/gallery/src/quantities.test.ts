import { describe, expect, it } from "vitest"
import { formatAmount, formatBytes, formatCount, formatDuration, formatMoment } from "./quantities.ts"

describe("quantities", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [1_400_000, "1.4 MB"],
    [999_600, "1 MB"],
    [123_456_789_012_345, "123 TB"],
  ])("%d bytes", (value, text) => expect(formatBytes(value)).toBe(text))

  it.each([
    [840, "840 ms"],
    [9300, "9.3 s"],
    [59_960, "1 min"],
    [125_000, "2 min 5 s"],
    [3_720_000, "1 h 2 min"],
  ])("%d milliseconds", (value, text) => expect(formatDuration(value)).toBe(text))

  it("uses the singular for one", () => {
    expect([formatCount(1, "file"), formatCount(2, "file"), formatCount(12_345, "file")]).toEqual([
      "1 file",
      "2 files",
      "12\u202F345 files",
    ])
  })

  it("rounds a price to two decimals", () => {
    expect([formatAmount(0.1 + 0.2), formatAmount(12.5), formatAmount(1234.5)]).toEqual([
      "0.3",
      "12.5",
      "1\u202F234.5",
    ])
  })

  it("formats a time in UTC, and returns an invalid date unchanged", () => {
    expect([formatMoment("2026-01-01T01:02:03+02:00"), formatMoment("soon")]).toEqual([
      "31 December 2025, 23:02 UTC",
      "soon",
    ])
  })
})
