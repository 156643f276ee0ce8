import { delayBeforeLook, type DurationExpectation, longestGapFor, manyWaits, priceOfLook } from "./Pace.ts"
import type { PlanningMoment, Wait } from "./Wait.ts"

/**
 * A look to come: when it is due (epoch milliseconds), and how long before it is worth something (whole milliseconds,
 * since a fraction would take room of its own in each of ten thousand waits).
 */
export interface PlannedLook {
  readonly at: number
  readonly gapMs: number
  /** The delay that has probably built up by then, in milliseconds: what the request is worth. */
  readonly worthMs: number
}

/** The part of a first delay in which an end becomes likely; before it, a look in company is in vain too. */
const likelyPart = 0.3

/** The next look at a job that answers, by its age, its progress and what jobs like it took. */
export const pacedLook = (
  wait: Pick<Wait, "createdAt" | "looks" | "glimpse" | "begunAt">,
  { now, serverNow, expectation, waits }: PlanningMoment,
): PlannedLook => {
  const isAgeKnown = !Number.isNaN(wait.createdAt)
  // A job that was never seen and whose age is unknown may have ended long ago.
  if (wait.looks === 0 && !isAgeKnown) return { at: now, gapMs: 1_000, worthMs: 1 }
  const { glimpse, looks } = wait
  const age = Math.max(0, isAgeKnown ? serverNow - wait.createdAt : now - wait.begunAt)
  // By our own clock: a job's dates can be wrong, and one that was taken up again can be days old.
  const waitedMs = Math.min(age, now - wait.begunAt)
  const stretch = stretchOf(expectation, age, glimpse?.startedAt, serverNow)
  const pace = {
    expectation: stretch.expectation,
    elapsedMs: stretch.elapsedMs,
    price: priceOfLook(waits),
    longestGapMs: longestGapFor(waits, waitedMs),
  }
  const worthMs = Math.max(1, Math.round(pace.price * stretch.expectation.medianMs))
  const delay = delayBeforeLook({
    ...pace,
    looks,
    progress: glimpse?.progress,
    standstill: glimpse?.standstill,
  })
  if (glimpse !== undefined && glimpse.standing.length > 0) {
    return spaced(now, Math.max(delay, Math.min(60_000, waitedMs / 10)), worthMs)
  }
  // One of many comes by on a page whenever others are looked for: that is no reason to look again before its time.
  const isEarly =
    looks === 0 || (waits >= manyWaits && expectation.isLearned && isWithoutProgress(glimpse?.progress))
  const untilFirst = isEarly ? delayBeforeLook({ ...pace, looks: 0 }) : 0
  if (looks > 0 && untilFirst <= delay) return spaced(now, delay, worthMs)
  const first = Math.max(delay, untilFirst)
  const gapMs = Math.max(shortestWorth, Math.round(first * likelyPart))
  return { at: now + first, gapMs, worthMs }
}

const shortestWorth = 500

const spaced = (now: number, delay: number, worthMs: number): PlannedLook => ({
  at: now + delay,
  gapMs: Math.max(1, Math.round(delay)),
  worthMs,
})

const isWithoutProgress = (progress: number | undefined): boolean =>
  progress === undefined || progress <= 0.02

/** A job that is being worked on is measured by its run, where that is known: however long the queue was. */
const stretchOf = (
  expectation: DurationExpectation,
  age: number,
  startedAt: number | undefined,
  serverNow: number,
): { readonly expectation: DurationExpectation; readonly elapsedMs: number } => {
  const { run, isLearned } = expectation
  if (run === undefined || startedAt === undefined) return { expectation, elapsedMs: age }
  return { expectation: { ...run, isLearned }, elapsedMs: Math.max(0, serverNow - startedAt) }
}
