import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { checkText, checkValue, requireAll } from "../checkArguments.ts"
import type { InvalidInput } from "../errors.ts"
import { type Deadline, monotonicMillis } from "../monotonic.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"
import type { SubmitWait } from "./Ceilings.ts"
import type { Submission } from "./Submission.ts"

export interface SubmitOptions {
  /** Compute units. The price is asked for first; above this nothing is submitted (`CostTooHigh`). */
  readonly maxCost?: number | undefined
  /**
   * Whether Scenario also looks for protected content, and blocks what it may not make (`Rejected`). It charges for that
   * beside the generation, which counts against `maxCost`; with `maxCost` the look is made, and paid, once: together with
   * the price. Default false.
   */
  readonly ipDetection?: boolean | undefined
  /** How long to try again while Scenario takes no request for now (429 by rate, refused connection). Default 60 s. */
  readonly queueTimeout?: Duration.Input | undefined
  /**
   * What to do if the account runs as many jobs as it may: `wait` for its turn, in the order of the submits and limited by
   * `totalTimeout` only, or `fail` at once (`RateLimited`). Either way nothing is paid until it is accepted. Default `wait`.
   */
  readonly ifAtCeiling?: "wait" | "fail" | undefined
  /** Called when the submit begins to wait for its turn at a ceiling. If it fails, nothing is sent (`CallbackFailed`). */
  readonly onWaiting?: ((wait: SubmitWait) => Effect.Effect<void, unknown>) | undefined
  /** How long the response may take before it counts as lost. Default 60 s. */
  readonly responseTimeout?: Duration.Input | undefined
  /** How long the job of a lost response is searched for. Default 15 s. */
  readonly reconcileTimeout?: Duration.Input | undefined
  /**
   * How long all of it may take, from the first check to the end of the search for a lost job. If too little of it is
   * left to send safely, nothing is sent. Default: no limit.
   */
  readonly totalTimeout?: Duration.Input | undefined
  /**
   * `resubmit`: if no job can be found after a lost response, submit once more; it may be charged twice. Default `fail`.
   */
  readonly ifUncertain?: "fail" | "resubmit" | undefined
  /**
   * Any text that names this request once and for all, such as an order number. A submit with the same key, from any
   * process, resumes the job that the first one created within the last 24 hours (unless it failed) instead of paying
   * again. It costs one more request, and needs a model whose seed identifies its jobs (`InvalidInput` otherwise, and if the
   * key's job has other inputs). Two processes that submit at the same moment, or within the seconds until Scenario lists a
   * new job, don't see each other: keep such repeats in one process.
   */
  readonly requestKey?: string | undefined
  /**
   * Whether to fill in a seed that was left empty, so that the job can be recognized by it after a lost response.
   * Default true.
   */
  readonly identifyBySeed?: boolean | undefined
  /**
   * Called before anything is sent, once for each intent. Store the intent: `reconcile` finds its job in any process. If it
   * fails, nothing is sent (`CallbackFailed`).
   */
  readonly onSending?: ((intent: SubmitIntent) => Effect.Effect<void, unknown>) | undefined
  /**
   * Called with the intent when its request leaves this machine, from when on a job can exist, and with `undefined` when it
   * was certainly not accepted. For a caller that reports what an interrupted submit may have left behind.
   */
  readonly onMaybeAccepted?: ((intent: SubmitIntent | undefined) => void) | undefined
  /**
   * Called as soon as the job is known, even if the caller was interrupted meanwhile. If it fails, the error carries the
   * job (`CallbackFailed`).
   */
  readonly onSubmitted?: ((submission: Submission) => Effect.Effect<void, unknown>) | undefined
}

/** The deadlines of one submit, all monotonic milliseconds. */
export interface SubmitDeadlines {
  /** The end of all of it. */
  readonly end: Deadline
  /** Until when it may be sent at the latest, so that the response and a search still fit. */
  readonly sendBy: Deadline
  /** Until when a refused submit is sent again. */
  readonly queueBy: Deadline
  /** When an attempt that is sent now counts as lost. */
  readonly responseMs: Effect.Effect<number>
  /** How long a search that starts now may take. */
  readonly searchUntil: (minMs?: number) => Effect.Effect<Deadline>
}

/** A request that is sent gets this long at least, the search for its job included. Milliseconds. */
const minSendMs = 5_000

/** The last list of a search gets a second of its own. Milliseconds. */
const searchReserveMs = 1_000

export const deadlinesFor = (end: Deadline, startedAt: number, options: SubmitOptions): SubmitDeadlines => {
  const left = Effect.map(monotonicMillis, (now) => Math.max(0, end - now))
  const sendBy = end - minSendMs
  return {
    end,
    sendBy,
    queueBy: Math.min(startedAt + toMillis(options.queueTimeout, 60_000), sendBy),
    // Two thirds of what is left for the response, the rest for the search.
    responseMs: Effect.map(left, (ms) => Math.min(toMillis(options.responseTimeout, 60_000), (ms * 2) / 3)),
    searchUntil: (minMs = 0) =>
      Effect.map(monotonicMillis, (now) =>
        Math.min(now + Math.max(minMs, toMillis(options.reconcileTimeout, 15_000)), end - searchReserveMs),
      ),
  }
}

const toMillis = (duration: Duration.Input | undefined, otherwise: number): number =>
  duration === undefined ? otherwise : Duration.toMillis(Duration.fromInputUnsafe(duration))

export const checkSubmitOptions = ({
  maxCost,
  requestKey,
}: SubmitOptions): Effect.Effect<void, InvalidInput> =>
  requireAll(
    // A limit that isn't a number would let every price pass.
    checkValue(
      "maxCost",
      maxCost,
      "a number of compute units, 0 or more",
      maxCost === undefined || (typeof maxCost === "number" && maxCost >= 0),
    ),
    requestKey === undefined ? undefined : checkText("requestKey", requestKey),
  )
