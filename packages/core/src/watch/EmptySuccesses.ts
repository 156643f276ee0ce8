import { lacksExpectedResult } from "../api/emptyResult.ts"
import type { Job } from "../api/Job.ts"
import { classifyJob } from "../api/jobStatus.ts"
import { getBackoffMs } from "../http/backoff.ts"
import { pollFrequency } from "./pollFrequency.ts"
import type { Wait } from "./Wait.ts"

/**
 * Jobs that have succeeded and name no result yet. A job can say so a moment before its files are named, so it is read a
 * few times more before that is believed; at the wait's deadline, and if the job can't be read any more, it is.
 */
export class EmptySuccesses {
  readonly #shown = new WeakMap<Wait, { readonly job: Job; readonly times: number }>()

  /** When to read a job again that was just read; `undefined` if what it shows is believed. Monotonic milliseconds. */
  onJob(wait: Wait, job: Job, now: number): number | undefined {
    if (classifyJob(job) !== "succeeded" || !lacksExpectedResult(job)) {
      this.#shown.delete(wait)
      return undefined
    }
    const times = this.#shown.get(wait)?.times ?? 0
    const { rereads, delay } = pollFrequency.emptyResult
    if (times >= rereads || now >= wait.lastPollAt) return undefined
    this.#shown.set(wait, { job, times: times + 1 })
    return Math.min(now + getBackoffMs(delay, times + 1), wait.lastPollAt)
  }

  /** The job that a wait ends with if no result was named in time. */
  take(wait: Wait): Job | undefined {
    return this.#shown.get(wait)?.job
  }
}
