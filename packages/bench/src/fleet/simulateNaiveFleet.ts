import { assumptions, type PlannedJob } from "../world/workload.ts"
import type { FleetRun } from "./FleetRun.ts"

const windowMs = 60_000
const loopMs = 3_000

interface Request {
  readonly job: number
  readonly isAsset: boolean
}

/**
 * One 3 s loop per job and one request per asset, as discrete events: either behind a queue that respects the rate limit,
 * or, as most loops are written, retried after a 429. All jobs were submitted before.
 */
export const simulateNaiveFleet = (jobs: ReadonlyArray<PlannedJob>, isQueued: boolean): FleetRun => {
  const events = new Calendar<Request>()
  jobs.forEach((_, job) => events.add(0, { job, isAsset: false }))
  const admitted: Array<number> = []
  let firstInWindow = 0
  let requests = 0
  let refused = 0
  let queueFreeAt = 0
  const delaysMs: Array<number> = []
  let drainMs = 0
  for (let next = events.next(); next !== undefined; next = events.next()) {
    const { at, item } = next
    let sentAt = at
    if (isQueued) {
      sentAt = Math.max(at, queueFreeAt)
      queueFreeAt = sentAt + windowMs / assumptions.requestsPerMinute
    }
    requests += 1
    const arrival = sentAt + assumptions.roundTripMs / 2
    while ((admitted[firstInWindow] ?? arrival) <= arrival - windowMs) firstInWindow += 1
    const isRefused = !isQueued && admitted.length - firstInWindow >= assumptions.requestsPerMinute
    const answeredAt = sentAt + assumptions.roundTripMs
    if (isRefused) {
      refused += 1
      events.add(answeredAt + loopMs, item)
      continue
    }
    admitted.push(arrival)
    const durationMs = jobs[item.job]?.durationMs ?? 0
    if (item.isAsset) {
      delaysMs.push(answeredAt - durationMs)
      drainMs = Math.max(drainMs, answeredAt)
    } else if (arrival >= durationMs) events.add(answeredAt, { job: item.job, isAsset: true })
    else events.add(answeredAt + loopMs, item)
  }
  return { requests, refused, busiestMinute: getBusiestMinute(admitted), delaysMs, drainMs }
}

const getBusiestMinute = (times: ReadonlyArray<number>): number => {
  let first = 0
  let most = 0
  times.forEach((at, index) => {
    while ((times[first] ?? at) <= at - windowMs) first += 1
    most = Math.max(most, index - first + 1)
  })
  return most
}

/** Events by time: one list for each tenth of a second, because there are millions. */
class Calendar<Item> {
  readonly #days = new Map<number, Array<{ at: number; item: Item }>>()
  #day = 0
  #size = 0

  add(at: number, item: Item): void {
    const day = Math.max(this.#day, Math.floor(at / 100))
    const events = this.#days.get(day)
    if (events === undefined) this.#days.set(day, [{ at, item }])
    else events.push({ at, item })
    this.#size += 1
  }

  next(): { readonly at: number; readonly item: Item } | undefined {
    if (this.#size === 0) return undefined
    while (true) {
      const event = this.#days.get(this.#day)?.shift()
      if (event !== undefined) {
        this.#size -= 1
        return event
      }
      this.#days.delete(this.#day)
      this.#day += 1
    }
  }
}
