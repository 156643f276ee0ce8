import { assert, it } from "vitest"
import { formatBytes, formatCost, formatCount, formatDuration } from "./quantities.ts"

it("formats bytes with at most three digits", () => {
  assert.deepStrictEqual([0, 999, 1_000, 99_940, 99_960, 999_600, 1_400_000, 3e9].map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "99.9 kB",
    "100 kB",
    "1.0 MB",
    "1.4 MB",
    "3.0 GB",
  ])
})

it("formats durations with a suitable unit", () => {
  assert.deepStrictEqual(
    [-5, 0, 4_230, 9_960, 59_400, 59_600, 125_000, 3_599_600, 3_720_000].map(formatDuration),
    ["0.0 s", "0.0 s", "4.2 s", "10 s", "59 s", "1:00 min", "2:05 min", "1:00 h", "1:02 h"],
  )
})

it("uses the singular for one", () => {
  assert.deepStrictEqual(
    [formatCost(1), formatCost(0.75), formatCount(1, "file"), formatCount(0, "file")],
    ["1 compute unit", "0.75 compute units", "1 file", "0 files"],
  )
})
