import type { Submission, SubmitIntent, SubmitUncertain } from "@scenario-automation/core"
import type { IExecuteFunctions } from "n8n-workflow"

/** How far a paid request has come, as far as this node knows. */
export type Progress =
  /** It may have been sent; no response has been seen. */
  | { readonly _tag: "Sending"; readonly intent: SubmitIntent }
  /** Its response was lost. */
  | { readonly _tag: "Uncertain"; readonly error: SubmitUncertain }
  | { readonly _tag: "Started"; readonly submission: Submission }

/** One request of one item, kept until its result was returned to the workflow. */
export interface StartedRequest {
  readonly key: string
  readonly runIndex: number
  progress: Progress
  /** Whether its result is complete. */
  isFinished: boolean
  /** Whether the results of its attempt were thrown away, because the node failed. */
  isDiscarded: boolean
  holder: Attempt | undefined
}

/** Places with open requests that are remembered at most. */
const maxPlaces = 1_000

/** Requests whose result was not returned, by workflow, execution and node. */
const places = new Map<string, StartedRequest[]>()

/**
 * One run of the node. The next run of the same node in the same execution takes over what this one has started and not
 * returned, instead of paying again: n8n's "Retry On Fail" runs the whole node again, and an AI agent repeats a call whose
 * answer was an error. A result that was returned is forgotten, so a loop's next round, or an agent's next call, starts a
 * new job.
 *
 * Requests are found by execution, node and inputs. The run index can't be part of that: a tool gets a new one for each try.
 */
export class Attempt {
  readonly #place: string
  readonly #runIndex: number
  #cost = 0

  /** The attempt that n8n begins by running the node. */
  static of(host: IExecuteFunctions): Attempt {
    const place = JSON.stringify([host.getWorkflow().id, host.getExecutionId(), host.getNode().id])
    return new Attempt(place, host.getWorkflowDataProxy(0).$runIndex)
  }

  /** `place` names an execution and its node. */
  constructor(place: string, runIndex: number) {
    this.#place = place
    this.#runIndex = runIndex
    // Kept for a retry of an earlier run; the execution has gone on since.
    this.#keep(
      this.#requests.filter(
        ({ isFinished, isDiscarded, runIndex, holder }) =>
          holder !== undefined || !isFinished || isDiscarded || runIndex === this.#runIndex,
      ),
    )
  }

  /** Takes over a request that an earlier run has started. Runs at the same time never share one. */
  take(key: string): StartedRequest | undefined {
    const found = this.#requests.find((request) => request.key === key && request.holder === undefined)
    if (found !== undefined) found.holder = this
    return found
  }

  /** Remembers a request, from before it is sent. */
  begin(key: string, progress: Progress): StartedRequest {
    const request: StartedRequest = {
      key,
      runIndex: this.#runIndex,
      progress,
      isFinished: false,
      isDiscarded: false,
      holder: this,
    }
    this.#keep([...this.#requests, request])
    return request
  }

  /** A request that created no job, or whose job has failed: trying again means sending it again. */
  forget(request: StartedRequest): void {
    this.#keep(this.#requests.filter((other) => other !== request))
  }

  /** Adds to what this run has spent. Compute units. */
  spend(cost: number | undefined): void {
    this.#cost += cost ?? 0
  }

  get cost(): number {
    return this.#cost
  }

  /** Jobs of this run that have no result yet. They go on, and are billed. */
  get unfinished(): ReadonlyArray<string> {
    return this.#held
      .filter(({ isFinished }) => !isFinished)
      .flatMap(({ progress }) => (progress._tag === "Started" ? [progress.submission.job.jobId] : []))
  }

  /**
   * Ends the run: `returned` its results, `returned-with-errors` (n8n may still retry the whole node then), or `failed`
   * without results.
   */
  end(outcome: "returned" | "returned-with-errors" | "failed"): void {
    const held = this.#held
    for (const request of held) {
      request.holder = undefined
      request.isDiscarded = outcome === "failed"
    }
    if (outcome !== "returned") return
    const done = new Set(held.filter(({ isFinished }) => isFinished))
    this.#keep(this.#requests.filter((request) => !done.has(request)))
  }

  get #requests(): ReadonlyArray<StartedRequest> {
    return places.get(this.#place) ?? []
  }

  get #held(): ReadonlyArray<StartedRequest> {
    return this.#requests.filter(({ holder }) => holder === this)
  }

  /** The place that was changed last stands last. */
  #keep(requests: ReadonlyArray<StartedRequest>): void {
    places.delete(this.#place)
    if (requests.length > 0) places.set(this.#place, [...requests])
    const oldest = places.keys().next().value
    if (places.size > maxPlaces && oldest !== undefined) places.delete(oldest)
  }
}
