import { clamp } from "../utils/clamp.ts"
import { pollFrequency } from "./pollFrequency.ts"
import type { JobPage, JobPages } from "./JobPages.ts"
import type { Wait } from "./Wait.ts"

/** One request that shows one job. */
export interface SinglePoll {
  readonly _tag: "Single"
  readonly wait: Wait
}

/** One request that shows a page of the account's jobs. */
export interface PagePoll {
  readonly _tag: "Page"
  readonly page: JobPage
  /** The waits whose jobs should be on it. */
  readonly waits: ReadonlyArray<Wait>
}

/** A request of the watcher. */
export type Poll = SinglePoll | PagePoll

/** The poll to send now, or the time until which none is worth its cost (monotonic milliseconds). */
export type Decision = Poll | { readonly _tag: "Sleep"; readonly until: number }

export interface Situation {
  readonly now: number
  readonly waits: Iterable<Wait>
  /** How many they are. */
  readonly count: number
  readonly pages: JobPages
  /** Whether pages can be read now. */
  readonly canList: boolean
  /** Rows that a page can have. */
  readonly maxPageSize: number
  /** True if it is the turn of the job that is latest, so that none starves. */
  readonly isTurnOfLatest: boolean
}

/**
 * Chooses the request that is worth most: the expected delay of one job, or of all on its page together. A page costs a
 * request just as one job does, so it is read as soon as the jobs are worth it together, even if none is by itself.
 */
export const choosePoll = (situation: Situation): Decision => {
  const { now } = situation
  const candidates = findCandidates(situation)
  const due = candidates.filter((candidate) => getExpectedDelay(candidate, now) >= candidate.costMs)
  const best = findMax(due, (candidate) =>
    situation.isTurnOfLatest ? getLateness(candidate.poll, now) : getExpectedDelay(candidate, now),
  )
  if (best !== undefined) return best.poll
  return { _tag: "Sleep", until: Math.max(now + 1, findNextDue(candidates, now)) }
}

/** A poll, and the expected delay in milliseconds, of all its jobs together, from which on it is worth a request. */
interface Candidate {
  readonly poll: Poll
  readonly costMs: number
  readonly maxPageSize: number
}

const findCandidates = ({
  now,
  waits,
  count,
  pages,
  canList,
  maxPageSize,
}: Situation): ReadonlyArray<Candidate> => {
  const singles: Array<Wait> = []
  const byPage = new Map<JobPage, Array<Wait>>()
  for (const wait of waits) {
    if (wait.inFlight) continue
    const page = canList && !wait.isUnlisted ? pages.find(wait) : undefined
    if (page === undefined) singles.push(wait)
    else addTo(byPage, page, wait)
  }
  const candidates: Array<Candidate> = []
  for (const [page, jobs] of byPage) {
    if (jobs.length < pollFrequency.page.minJobs) {
      singles.push(...jobs)
      continue
    }
    candidates.push({
      poll: { _tag: "Page", page, waits: jobs },
      costMs: getPageCost(jobs, count),
      maxPageSize,
    })
    if (count <= pollFrequency.single.maxWaits) candidates.push(...findApart(jobs, now))
  }
  for (const wait of singles) candidates.push(toSingle(wait))
  return candidates
}

const addTo = (byPage: Map<JobPage, Array<Wait>>, page: JobPage, wait: Wait): void => {
  const known = byPage.get(page)
  if (known === undefined) byPage.set(page, [wait])
  else known.push(wait)
}

const toSingle = (wait: Wait, factor = 1): Candidate => ({
  poll: { _tag: "Single", wait },
  costMs: factor * wait.costMs,
  maxPageSize: 1,
})

/**
 * Of a few waits, one that ends long before the others must not wait until their page is worth a request. If they end
 * together, polling one of them by itself only comes before the page that shows all.
 */
const findApart = (jobs: ReadonlyArray<Wait>, now: number): ReadonlyArray<Candidate> => {
  const total = sumExpectedDelay(jobs, now)
  return jobs.map((wait) => {
    const own = wait.getExpectedDelay(now)
    const areOthersDue = own >= wait.costMs && total > pollFrequency.single.othersFactor * own
    return toSingle(wait, areOthersDue ? pollFrequency.single.apartFactor : 1)
  })
}

/**
 * What a page costs: a little less for each job than polling it by itself, and in a fleet more. A page that first shows
 * how old some of its jobs are isn't read for the ends of a fleet, and there are only as many as the jobs fill: the
 * account's budget spreads them, and nothing else holds them back.
 */
const getPageCost = (jobs: ReadonlyArray<Wait>, count: number): number => {
  const { waitsPerCost, maxWaits, minJobs } = pollFrequency.page
  const unread = jobs.reduce((total, wait) => total + (wait.isAgeUnread ? 1 : 0), 0)
  if (unread >= minJobs) return pollFrequency.delay.unknownAge.pollCostMs
  const own = jobs.reduce((total, wait) => total + wait.costMs, 0) / jobs.length
  const shared = own * clamp(count / waitsPerCost, 1, maxWaits / waitsPerCost)
  return Math.max(
    shared,
    getFleetCost(count) * Math.min(1, Math.sqrt(pollFrequency.page.quickPollCostMs / own)),
  )
}

const getFleetCost = (count: number): number => {
  const { minWaits, msPerWait, extraPerWait, maxExtraWaits } = pollFrequency.page.fleet
  return count < minWaits ? 0 : msPerWait * (count + Math.min(maxExtraWaits, extraPerWait * count))
}

/** Of all its jobs together, in milliseconds. */
const getExpectedDelay = ({ poll, maxPageSize }: Candidate, time: number): number => {
  if (poll._tag === "Single") return poll.wait.getExpectedDelay(time)
  // All jobs older than the last known page belong to one page, and a request shows only as many of them as a page holds.
  return sumExpectedDelay(poll.waits, time) * Math.min(1, maxPageSize / poll.waits.length)
}

const sumExpectedDelay = (waits: ReadonlyArray<Wait>, time: number): number =>
  waits.reduce((total, wait) => total + wait.getExpectedDelay(time), 0)

const getLateness = (poll: Poll, now: number): number =>
  poll._tag === "Single"
    ? now - poll.wait.dueAt
    : poll.waits.reduce((latest, wait) => Math.max(latest, now - wait.dueAt), -Infinity)

/** When the first of them will be worth its cost. */
const findNextDue = (candidates: ReadonlyArray<Candidate>, now: number): number =>
  candidates.reduce(
    (until, candidate) => Math.min(until, findDue(candidate, now, until)),
    now + pollFrequency.decision.maxIdleMs,
  )

/** Found by steps that grow, then by halves: an expected delay only grows with time. */
const findDue = (candidate: Candidate, now: number, latest: number): number => {
  const { stepMs } = pollFrequency.decision
  let early = now
  let late = Math.min(latest, now + stepMs)
  while (getExpectedDelay(candidate, late) < candidate.costMs) {
    if (late >= latest) return latest
    early = late
    late = Math.min(latest, now + (late - now) * 1.5)
  }
  while (late - early > stepMs) {
    const middle = (early + late) / 2
    if (getExpectedDelay(candidate, middle) < candidate.costMs) early = middle
    else late = middle
  }
  return late
}

const findMax = <A>(items: ReadonlyArray<A>, measure: (item: A) => number): A | undefined => {
  let best: A | undefined
  let max = -Infinity
  for (const item of items) {
    const value = measure(item)
    if (value > max) {
      max = value
      best = item
    }
  }
  return best
}
