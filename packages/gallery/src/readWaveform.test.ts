import { describe, expect, it } from "vitest"
import { makeWav } from "../test/makeWav.ts"
import { readWaveform } from "./readWaveform.ts"

describe("readWaveform", () => {
  it("returns the duration, and peaks relative to the loudest one", () => {
    const waveform = readWaveform(makeWav([0.1, -0.2, 0.4, 0, 0, 0, -0.1, 0.1]), 4)
    expect(waveform?.duration).toBe(0.008)
    expect(waveform?.peaks.map((peak) => Math.round(peak * 100) / 100)).toEqual([0.5, 1, 0, 0.25])
  })

  it("reads an incomplete file as far as possible", () => {
    const whole = makeWav(Array.from({ length: 1000 }, () => 0.5))
    expect(readWaveform(whole.subarray(0, 44 + 1000), 2)?.duration).toBe(0.5)
  })

  it("returns zeros for silence", () => {
    expect(readWaveform(makeWav([0, 0, 0, 0]), 2)?.peaks).toEqual([0, 0])
  })

  it.each([
    ["an MP3", Buffer.from("ID3\u0004")],
    ["an empty file", new Uint8Array()],
    ["a header only", makeWav([]).subarray(0, 30)],
    ["no samples", makeWav([])],
  ])("has no waveform for %s", (_, file) => {
    expect(readWaveform(file, 8)).toBeUndefined()
  })
})
