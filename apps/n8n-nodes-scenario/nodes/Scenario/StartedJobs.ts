import type { Submission, SubmitUncertain } from "@scenario-automation/core"
import type { IExecuteFunctions } from "n8n-workflow"

/** What one run of the node has started, by item and request. */
type Started = Map<string, Submission | SubmitUncertain>

/** Failed runs that are remembered at most; n8n retries within seconds. */
const mostRuns = 1_000

/** Failed runs, by the place in an execution that n8n repeats. */
const failedRuns = new Map<string, Started>()
const liveRuns = new Set<string>()

/**
 * One go at running the node. n8n's "Retry On Fail" runs the whole node again, in the same process: the next attempt takes
 * over the jobs that this one has started, instead of paying for them again. An attempt that went well leaves nothing
 * behind, so a loop's next round, or an agent's next call, starts new jobs.
 */
export class Attempt {
  readonly #place: string | undefined
  readonly #started: Started
  readonly #submitted = new Map<string, Submission>()
  readonly #done = new Set<string>()

  constructor(host: IExecuteFunctions) {
    const place = JSON.stringify([
      host.getWorkflow().id,
      host.getExecutionId(),
      host.getNode().id,
      host.getWorkflowDataProxy(0).$runIndex,
    ])
    // Two at once in one place are no retry of each other: an agent may call the node twice side by side.
    const isAlone = !liveRuns.has(place)
    if (isAlone) liveRuns.add(place)
    this.#place = isAlone ? place : undefined
    this.#started = (isAlone ? failedRuns.get(place) : undefined) ?? new Map()
    failedRuns.delete(place)
  }

  /** What an earlier attempt has started for the same item and request. */
  find(key: string): Submission | SubmitUncertain | undefined {
    return this.#started.get(key)
  }

  keep(key: string, started: Submission | SubmitUncertain): void {
    this.#started.set(key, started)
    if ("cost" in started) this.#submitted.set(key, started)
  }

  /** A job that has ended badly: trying again means starting another. */
  forget(key: string): void {
    this.#started.delete(key)
    this.#submitted.delete(key)
  }

  finish(key: string): void {
    this.#done.add(key)
  }

  /** Jobs that go on although nobody waits for them any more. */
  get unfinished(): ReadonlyArray<string> {
    return [...this.#started]
      .filter(([key]) => !this.#done.has(key))
      .flatMap(([, started]) => ("job" in started ? [started.job.jobId] : []))
  }

  /** Compute units of the jobs that this attempt has itself submitted. */
  get cost(): number {
    return [...this.#submitted.values()].reduce((sum, { cost }) => sum + (cost ?? 0), 0)
  }

  end(outcome: "succeeded" | "failed"): void {
    if (this.#place === undefined) return
    liveRuns.delete(this.#place)
    if (outcome === "succeeded" || this.#started.size === 0) return
    failedRuns.set(this.#place, this.#started)
    const oldest = failedRuns.keys().next().value
    if (failedRuns.size > mostRuns && oldest !== undefined) failedRuns.delete(oldest)
  }
}
