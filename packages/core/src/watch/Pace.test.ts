import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { delayBeforeLook, longestGapFor, type PaceInput, priceOfLook, shortestGapMs } from "./Pace.ts"

const between = (minimum: number, maximum: number) =>
  Schema.Finite.check(Schema.isBetween({ minimum, maximum }))

const image: PaceInput = {
  elapsedMs: 0,
  looks: 0,
  expectation: { medianMs: 17_300, sigma: 0.3, isLearned: true },
  price: priceOfLook(1),
  longestGapMs: longestGapFor(1, 0),
}

describe("delayBeforeLook", () => {
  it.effect.prop(
    "is never negative, and never longer than the longest gap once a look was made",
    {
      elapsedMs: between(-1e9, 1e9),
      looks: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })),
      medianMs: between(1, 1e7),
      sigma: between(0.01, 3),
      isLearned: Schema.Boolean,
      progress: Schema.UndefinedOr(between(-1, 2)),
      standstill: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 })),
      waits: between(1, 20_000),
    },
    ({ elapsedMs, looks, medianMs, sigma, isLearned, progress, standstill, waits }) =>
      Effect.sync(() => {
        const longestGapMs = longestGapFor(waits, elapsedMs)
        const delay = delayBeforeLook({
          elapsedMs,
          looks,
          expectation: { medianMs, sigma, isLearned },
          progress,
          standstill,
          price: priceOfLook(waits),
          longestGapMs,
        })
        assert.isAtLeast(delay, shortestGapMs)
        assert.isAtMost(delay, longestGapMs)
      }),
    { arbitrary: { runs: 500 } },
  )

  test("waits for the early end of what such jobs took before the first look", () => {
    const delay = delayBeforeLook(image)
    assert.isAbove(delay, 8_000)
    assert.isBelow(delay, 17_300)
  })

  test("looks after two seconds at the latest where nothing was learned", () => {
    const delay = delayBeforeLook({
      ...image,
      expectation: { medianMs: 330_000, sigma: 0.76, isLearned: false },
    })
    assert.isAtMost(delay, 2_000)
  })

  test("looks at once at a job that is older than its early end", () => {
    assert.strictEqual(delayBeforeLook({ ...image, elapsedMs: 60_000 }), 0)
  })

  test("looks more often where the end is likely than where it is not", () => {
    const early = delayBeforeLook({ ...image, looks: 1, elapsedMs: 6_000 })
    const likely = delayBeforeLook({ ...image, looks: 1, elapsedMs: 18_000 })
    assert.isBelow(likely, early)
  })

  test("looks less between two groups of jobs than within either", () => {
    const groups = [
      { share: 0.5, medianMs: 30_000, sigma: 0.15 },
      { share: 0.5, medianMs: 90_000, sigma: 0.15 },
    ]
    const expectation = { medianMs: 52_000, sigma: 0.55, isLearned: true, groups }
    const after = (elapsedMs: number) =>
      delayBeforeLook({ ...image, expectation, looks: 3, elapsedMs, longestGapMs: 60_000 })
    assert.isAbove(after(50_000), 5 * after(30_000))
    assert.isAbove(after(50_000), 5 * after(90_000))
  })

  test("comes back sooner when progress says that the end is near", () => {
    const likely = { ...image, looks: 3, elapsedMs: 10_000 }
    assert.isBelow(delayBeforeLook({ ...likely, progress: 0.95 }), delayBeforeLook(likely))
  })

  test("believes progress less with every look that finds it standing still, and goes by chance in the end", () => {
    const stuck = { ...image, looks: 9, elapsedMs: 10_000, progress: 0.99 }
    const gaps = [0, 1, 2, 5, 20, 1_000].map((standstill) => delayBeforeLook({ ...stuck, standstill }))
    assert.deepStrictEqual(
      gaps,
      gaps.toSorted((a, b) => a - b),
    )
    assert.strictEqual(gaps[0], shortestGapMs)
    const { progress: _, ...byChance } = stuck
    assert.strictEqual(gaps.at(-1), delayBeforeLook(byChance))
  })

  test("is not kept waiting longer by progress that stands still early", () => {
    const early = { ...image, looks: 3, elapsedMs: 20_000, progress: 0.2 }
    assert.strictEqual(delayBeforeLook({ ...early, standstill: 50 }), delayBeforeLook(early))
  })

  test("is not put to sleep by progress that stays near zero", () => {
    const delay = delayBeforeLook({ ...image, looks: 5, elapsedMs: 40_000, progress: 0.03 })
    assert.isAtMost(delay, image.longestGapMs)
  })
})

describe("longestGapFor", () => {
  test("is some three seconds for a few waits, and a hundredth of a long wait", () => {
    assert.strictEqual(longestGapFor(4, 60_000), 3_200)
    assert.strictEqual(longestGapFor(4, 600_000), 6_000)
  })

  test("is longer for many waits, whose requests are short", () => {
    assert.isAbove(longestGapFor(50, 60_000), longestGapFor(4, 60_000))
  })

  test("is forty seconds at most, however long the wait", () => {
    assert.strictEqual(longestGapFor(1_000, 3 * 365 * 86_400_000), 40_000)
    assert.strictEqual(longestGapFor(4, 3 * 365 * 86_400_000), 30_000)
  })
})
