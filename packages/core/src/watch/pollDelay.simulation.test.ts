import { assert, describe, it } from "vitest"
import { estimateDuration } from "../durations/estimateDuration.ts"
import type { DurationExpectation } from "../durations/DurationEstimate.ts"
import { getMaxPollDelay, getPollCost, getPollDelay } from "./pollDelay.ts"

type Random = () => number

/** Mulberry32: the same numbers for the same seed. */
const randomFrom = (seed: number): Random => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const lognormal = (medianMs: number, sigma: number) => (random: Random) =>
  medianMs * Math.exp(sigma * normal(random)) * (random() < 0.03 ? 3 : 1)

type Progress = (share: number, random: Random) => number | undefined
const noProgress: Progress = () => undefined
const stepped: Progress = (share) => Math.min(0.9, Math.floor(share * 10) / 10)
const smooth: Progress = (share) => (share < 0.15 ? 0 : ((share - 0.15) / 0.85) ** 1.15)

/** The round trip of a response; its state was read in the middle of it. */
const roundTripMs = 120

interface Trial {
  readonly draw: (random: Random) => number
  readonly waits: number
  readonly past?: number
  readonly progress?: Progress
  readonly guess?: DurationExpectation
  /** How far Scenario's clock, which ages follow from, is ahead of what we take it for. */
  readonly skewMs?: number
}

/** Mean polls and delays (milliseconds) of single waits, and their product over the mean duration. */
const simulateWaits = ({ draw, waits, past = 10, progress = noProgress, guess, skewMs = 0 }: Trial) => {
  const random = randomFrom(11)
  const count = 3_000
  let polls = 0
  let delayMs = 0
  let durationMs = 0
  for (let wait = 0; wait < count; wait++) {
    const seen = Array.from({ length: past }, () => draw(random))
    const expectation = guess ?? { ...estimateDuration(seen), isLearned: true }
    const duration = draw(random)
    let now = 0
    let reported: number | undefined
    for (let poll = 0; ; poll++) {
      const elapsedMs = now + skewMs
      const delay = getPollDelay({
        elapsedMs,
        polls: poll,
        expectation,
        progress: reported,
        pollCost: getPollCost(waits),
        maxDelayMs: getMaxPollDelay(waits, now),
      })
      now += delay + roundTripMs
      const shownAt = now - roundTripMs / 2
      polls += 1
      if (shownAt >= duration) break
      reported = progress(shownAt / duration, random)
    }
    delayMs += now - duration
    durationMs += duration
  }
  return {
    polls: polls / count,
    delayMs: delayMs / count,
    share: delayMs / durationMs,
    // The floor assumes no round trip: half of one is delay that no schedule can avoid.
    product: ((polls / count) * (delayMs - (count * roundTripMs) / 2)) / durationMs,
  }
}

const image = lognormal(17_300, 0.3)
const video = lognormal(190_000, 0.3)
const many = 100
/** What no schedule beats for a known spread of 0.3 with 3 % stragglers, in mean durations. */
const floor = 0.2716

describe("polling one job whose model is known", () => {
  it.each([
    ["an image", image, 8, 0.06],
    ["a video", video, 10, 0.05],
  ] as const)("is within a tenth of the mathematical floor for %s", (_, draw, maxPolls, maxDelay) => {
    const { polls, share, product } = simulateWaits({ draw, waits: many })
    assert.isBelow(product, 1.1 * floor)
    assert.isBelow(polls, maxPolls)
    assert.isBelow(share, maxDelay)
  })

  it("needs a fifth fewer polls, and is no later, if progress comes in steps", () => {
    const blind = simulateWaits({ draw: video, waits: many })
    const led = simulateWaits({ draw: video, waits: many, progress: stepped })
    assert.isBelow(led.polls, 0.8 * blind.polls)
    assert.isBelow(led.delayMs, blind.delayMs)
  })

  it("is two seconds late on a video in ten polls if progress is smooth", () => {
    const { polls, delayMs } = simulateWaits({ draw: video, waits: many, progress: smooth })
    assert.isBelow(polls, 10)
    assert.isBelow(delayMs, 2_000)
  })

  it("polls half as often as every three seconds when a person waits, and is hardly later", () => {
    const { polls, share } = simulateWaits({ draw: video, waits: 1 })
    assert.isBelow(polls, 0.5 * 71)
    assert.isBelow(share, 0.03)
  })
})

describe("polling jobs that it was not tuned on", () => {
  const cases: ReadonlyArray<readonly [string, Trial]> = [
    ["a spread of 0.1", { draw: lognormal(60_000, 0.1), waits: many }],
    ["a spread of 0.5", { draw: lognormal(60_000, 0.5), waits: many }],
    ["a spread of 0.8", { draw: lognormal(60_000, 0.8), waits: many }],
    [
      "two speeds",
      { draw: (random) => lognormal(random() < 0.5 ? 30_000 : 90_000, 0.15)(random), waits: many },
    ],
    ["a heavy tail", { draw: (random) => 30_000 * Math.min(50, (1 - random()) ** (-1 / 1.5)), waits: many }],
    ["a constant", { draw: () => 60_000, waits: many }],
    [
      "three times what was learned",
      {
        draw: lognormal(180_000, 0.3),
        waits: many,
        guess: { medianMs: 60_000, sigma: 0.3, isLearned: true },
      },
    ],
    [
      "a third of what was learned",
      { draw: lognormal(20_000, 0.3), waits: many, guess: { medianMs: 60_000, sigma: 0.3, isLearned: true } },
    ],
    [
      "a model never seen",
      {
        draw: lognormal(60_000, 0.3),
        waits: many,
        guess: { medianMs: 20_000, sigma: 1.2, isLearned: false },
      },
    ],
    ["progress that lies", { draw: video, waits: many, progress: (_, random) => random() }],
    [
      "progress stuck at 0.99",
      { draw: video, waits: many, progress: (share) => (share < 0.2 ? share : 0.99) },
    ],
    ["progress that goes backwards", { draw: video, waits: many, progress: (share) => 1 - share }],
    ["a clock that is a minute ahead", { draw: video, waits: many, skewMs: 60_000 }],
    ["a clock that is a minute behind", { draw: video, waits: many, skewMs: -60_000 }],
  ]

  it.each(cases)("is neither late nor wasteful with %s", (_, trial) => {
    const { polls, share, delayMs } = simulateWaits(trial)
    assert.isBelow(share, trial.guess?.isLearned === true || trial.skewMs !== undefined ? 2.2 : 0.1)
    assert.isBelow(polls, 110)
    assert.isBelow(delayMs, 60_000)
  })
})
