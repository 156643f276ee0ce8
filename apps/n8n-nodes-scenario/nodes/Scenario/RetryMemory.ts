import type { Submission, SubmitIntent, SubmitUncertain } from "@scenario-automation/core"
import type { IExecuteFunctions } from "n8n-workflow"

/** What the node knows of a paid request. */
export type Progress =
  /** It may have been sent; there is no response yet. */
  | { readonly _tag: "Sending"; readonly intent: SubmitIntent }
  /** Its response was lost. */
  | { readonly _tag: "Uncertain"; readonly error: SubmitUncertain }
  | { readonly _tag: "Started"; readonly submission: Submission }

/** A request of an item, kept until its result was returned to the workflow. */
export interface StartedRequest {
  readonly key: string
  readonly runIndex: number
  progress: Progress
  isFinished: boolean
  /** Whether its results were discarded because the node failed. */
  isDiscarded: boolean
  holder: RetryMemory | undefined
}

const maxPlaces = 1_000

/** Requests whose result was not returned, by workflow, execution and node. */
const places = new Map<string, StartedRequest[]>()

/**
 * One run of the node. n8n's "Retry On Fail" runs the whole node again, and an AI agent repeats a call that failed: the next
 * run in the same execution continues what this run has started and not returned, instead of paying again. Returned results
 * are forgotten, so a loop's next round, or an agent's next call, starts a new job.
 *
 * Requests are found by execution, node, and inputs, but not by run index, because each try of a tool has a new one.
 */
export class RetryMemory {
  readonly #place: string
  readonly #runIndex: number
  #cost = 0

  static forRun(host: IExecuteFunctions): RetryMemory {
    const place = JSON.stringify([host.getWorkflow().id, host.getExecutionId(), host.getNode().id])
    return new RetryMemory(place, host.getWorkflowDataProxy(0).$runIndex)
  }

  /** `place` names an execution and its node. */
  constructor(place: string, runIndex: number) {
    this.#place = place
    this.#runIndex = runIndex
    // Requests of earlier runs are dropped if n8n can no longer retry them.
    this.#keep(
      this.#requests.filter(
        ({ isFinished, isDiscarded, runIndex, holder }) =>
          holder !== undefined || !isFinished || isDiscarded || runIndex === this.#runIndex,
      ),
    )
  }

  /** Continues a request of an earlier run. Concurrent runs never share one. */
  take(key: string): StartedRequest | undefined {
    const found = this.#requests.find((request) => request.key === key && request.holder === undefined)
    if (found !== undefined) found.holder = this
    return found
  }

  /** Call this before the request is sent. */
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

  /** For a request that created no job, or whose job has failed: a retry sends it again. */
  forget(request: StartedRequest): void {
    this.#keep(this.#requests.filter((other) => other !== request))
  }

  /** Compute units. */
  spend(cost: number | undefined): void {
    this.#cost += cost ?? 0
  }

  get cost(): number {
    return this.#cost
  }

  /** IDs of this run's jobs without a result. They keep running and are charged. */
  get unfinished(): ReadonlyArray<string> {
    return this.#held
      .filter(({ isFinished }) => !isFinished)
      .flatMap(({ progress }) => (progress._tag === "Started" ? [progress.submission.job.jobId] : []))
  }

  /**
   * Ends the run. After `returned-with-errors`, n8n may still retry the whole node.
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

  /** Moves the place to the end, so that the oldest one is first. */
  #keep(requests: ReadonlyArray<StartedRequest>): void {
    places.delete(this.#place)
    if (requests.length > 0) places.set(this.#place, [...requests])
    const oldest = places.keys().next().value
    if (places.size > maxPlaces && oldest !== undefined) places.delete(oldest)
  }
}
