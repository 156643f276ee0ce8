import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { pollFrequency } from "./pollFrequency.ts"
import { getMaxPollDelay, getPollCost, getPollDelay, type PollDelayInput } from "./pollDelay.ts"

const between = (minimum: number, maximum: number) =>
  Schema.Finite.check(Schema.isBetween({ minimum, maximum }))

const image: PollDelayInput = {
  elapsedMs: 0,
  polls: 0,
  expectation: { medianMs: 17_300, sigma: 0.3, isLearned: true },
  pollCost: getPollCost(1),
  maxDelayMs: getMaxPollDelay(1, 0),
}

describe("getPollDelay", () => {
  it.effect.prop(
    "is never negative, and at most the longest delay once a poll was made",
    {
      elapsedMs: between(-1e9, 1e9),
      polls: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })),
      medianMs: between(1, 1e7),
      sigma: between(0.01, 3),
      isLearned: Schema.Boolean,
      progress: Schema.UndefinedOr(between(-1, 2)),
      unchangedPolls: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 })),
      waits: between(1, 20_000),
    },
    ({ elapsedMs, polls, medianMs, sigma, isLearned, progress, unchangedPolls, waits }) =>
      Effect.sync(() => {
        const maxDelayMs = getMaxPollDelay(waits, elapsedMs)
        const delay = getPollDelay({
          elapsedMs,
          polls,
          expectation: { medianMs, sigma, isLearned },
          progress,
          unchangedPolls,
          pollCost: getPollCost(waits),
          maxDelayMs,
        })
        assert.isAtLeast(delay, pollFrequency.delay.minMs)
        assert.isAtMost(delay, maxDelayMs)
      }),
    { arbitrary: { runs: 500 } },
  )

  test("polls first at the early end of what such jobs took", () => {
    const delay = getPollDelay(image)
    assert.isAbove(delay, 8_000)
    assert.isBelow(delay, 17_300)
  })

  test("polls after two seconds at the latest if nothing was learned", () => {
    const delay = getPollDelay({
      ...image,
      expectation: { medianMs: 330_000, sigma: 0.76, isLearned: false },
    })
    assert.isAtMost(delay, 2_000)
  })

  test("polls at once at a job that is older than its early end", () => {
    assert.strictEqual(getPollDelay({ ...image, elapsedMs: 60_000 }), 0)
  })

  test("polls more often while the end is likely", () => {
    const early = getPollDelay({ ...image, polls: 1, elapsedMs: 6_000 })
    const likely = getPollDelay({ ...image, polls: 1, elapsedMs: 18_000 })
    assert.isBelow(likely, early)
  })

  test("polls less between two groups of jobs than within either", () => {
    const groups = [
      { share: 0.5, medianMs: 30_000, sigma: 0.15 },
      { share: 0.5, medianMs: 90_000, sigma: 0.15 },
    ]
    const expectation = { medianMs: 52_000, sigma: 0.55, isLearned: true, groups }
    const after = (elapsedMs: number) =>
      getPollDelay({ ...image, expectation, polls: 3, elapsedMs, maxDelayMs: 60_000 })
    assert.isAbove(after(50_000), 5 * after(30_000))
    assert.isAbove(after(50_000), 5 * after(90_000))
  })

  test("comes back sooner when progress says that the end is near", () => {
    const likely = { ...image, polls: 3, elapsedMs: 10_000 }
    assert.isBelow(getPollDelay({ ...likely, progress: 0.95 }), getPollDelay(likely))
  })

  test("believes progress less with every poll that finds it unchanged, and ignores it in the end", () => {
    const stuck = { ...image, polls: 9, elapsedMs: 10_000, progress: 0.99 }
    const gaps = [0, 1, 2, 5, 20, 1_000].map((unchangedPolls) => getPollDelay({ ...stuck, unchangedPolls }))
    assert.deepStrictEqual(
      gaps,
      gaps.toSorted((a, b) => a - b),
    )
    assert.strictEqual(gaps[0], pollFrequency.delay.minMs)
    const { progress: _, ...byChance } = stuck
    assert.strictEqual(gaps.at(-1), getPollDelay(byChance))
  })

  test("is not delayed by progress that stops early", () => {
    const early = { ...image, polls: 3, elapsedMs: 20_000, progress: 0.2 }
    assert.strictEqual(getPollDelay({ ...early, unchangedPolls: 50 }), getPollDelay(early))
  })

  test("is not put to sleep by progress that stays near zero", () => {
    const delay = getPollDelay({ ...image, polls: 5, elapsedMs: 40_000, progress: 0.03 })
    assert.isAtMost(delay, image.maxDelayMs)
  })
})

describe("getMaxPollDelay", () => {
  test("is some three seconds for a few waits, and a hundredth of a long wait", () => {
    assert.strictEqual(getMaxPollDelay(4, 60_000), 3_200)
    assert.strictEqual(getMaxPollDelay(4, 600_000), 6_000)
  })

  test("is longer for many waits, whose requests are short", () => {
    assert.isAbove(getMaxPollDelay(50, 60_000), getMaxPollDelay(4, 60_000))
  })

  test("is forty seconds at most, however long the wait", () => {
    assert.strictEqual(getMaxPollDelay(1_000, 3 * 365 * 86_400_000), 40_000)
    assert.strictEqual(getMaxPollDelay(4, 3 * 365 * 86_400_000), 30_000)
  })
})
