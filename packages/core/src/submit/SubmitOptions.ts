import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { checkText, checkValue, requireAll } from "../checkArguments.ts"
import { defaultQueueTimeout, defaultReconcileTimeout, defaultResponseTimeout } from "../defaults.ts"
import type { InvalidInput } from "../errors.ts"
import { type Deadline, monotonicMillis } from "../utils/monotonic.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"
import type { SubmitWait } from "./Ceilings.ts"
import type { Submission } from "./Submission.ts"

export interface SubmitOptions {
  /**
   * Compute units. If the price is higher, nothing is submitted (`CostTooHigh`). Default: no limit, and no request for the price.
   */
  readonly maxCost?: number | undefined
  /**
   * Whether Scenario also detects protected content, and blocks requests for it (`Rejected`). It charges a fee for that, which
   * counts toward `maxCost`. With `maxCost`, the dry run makes and pays the detection. Default false.
   */
  readonly ipDetection?: boolean | undefined
  /**
   * How long to retry while Scenario accepts no requests (429 by rate, refused connection). Default 60 s. A number is in
   * milliseconds.
   */
  readonly queueTimeout?: Duration.Input | undefined
  /**
   * What to do if the account already runs as many jobs as it can: `wait` for its turn, in the order of the submits and limited
   * only by `totalTimeout`, or `fail` at once (`RateLimited`). Nothing is paid until the submit is accepted. Default `wait`.
   */
  readonly ifAtCeiling?: "wait" | "fail" | undefined
  /**
   * Called when the submit starts to wait because the account runs too many jobs. If it fails, nothing is submitted
   * (`CallbackFailed`). Default: none.
   */
  readonly onWaiting?: ((wait: SubmitWait) => Effect.Effect<void, unknown>) | undefined
  /** After this time, the response counts as lost. Default 60 s. A number is in milliseconds. */
  readonly responseTimeout?: Duration.Input | undefined
  /** How long to search for the job of a lost response. Default 15 s. A number is in milliseconds. */
  readonly reconcileTimeout?: Duration.Input | undefined
  /**
   * The limit of the whole submit, from the first check to the end of the search for a lost job. If too little time is left to
   * send safely, nothing is submitted. Default: no limit. A number is in milliseconds.
   */
  readonly totalTimeout?: Duration.Input | undefined
  /**
   * `resubmit`: if no job is found after a lost response, submit once more. It may be charged twice. Default `fail`.
   */
  readonly ifUncertain?: "fail" | "resubmit" | undefined
  /**
   * Any text that names this request, such as an order number. A submit with the same key, from any process, resumes the job that
   * the first one created within the last 24 hours (unless it failed) instead of paying again. It costs one more request. The
   * model must have a seed that identifies its jobs. If it doesn't, or if the key's job has other inputs, the submit fails with
   * `InvalidInput`. Submits in several processes within the seconds until Scenario lists a new job can't see each other: repeat
   * in one process. Default: none.
   */
  readonly requestKey?: string | undefined
  /**
   * Whether to choose a seed if none is set, so that the job can be recognized by it after a lost response. Default true.
   */
  readonly identifyBySeed?: boolean | undefined
  /**
   * Called before the submit is sent, once for each intent. Files are uploaded before. If you store the intent, `reconcile` can
   * find its job in any process. If it fails, nothing is submitted (`CallbackFailed`). Default: none.
   */
  readonly onSending?: ((intent: SubmitIntent) => Effect.Effect<void, unknown>) | undefined
  /**
   * Called with the intent when its request is sent, because a job can exist from then on, and with `undefined` if it was
   * definitely rejected. For callers that report what an interrupted submit may have created. Default: none.
   */
  readonly onMaybeAccepted?: ((intent: SubmitIntent | undefined) => void) | undefined
  /**
   * Called as soon as the job is known, even if the caller was interrupted meanwhile. If it fails, the error carries the job
   * (`CallbackFailed`). Default: none.
   */
  readonly onSubmitted?: ((submission: Submission) => Effect.Effect<void, unknown>) | undefined
}

/** The deadlines of a submit, in monotonic milliseconds. */
export interface SubmitDeadlines {
  /** The end of the whole submit. */
  readonly end: Deadline
  /** The latest time to send it, so that enough is left for the response and a search. */
  readonly sendBy: Deadline
  /** The latest time to retry a rejected submit. */
  readonly queueBy: Deadline
  /** After this time, the response to an attempt that is sent now counts as lost. */
  readonly responseMs: Effect.Effect<number>
  /** The deadline of a search that starts now. */
  readonly searchUntil: (minMs?: number) => Effect.Effect<Deadline>
}

/** The minimum time for a request and the search for its job. Milliseconds. */
const minSendMs = 5_000

/** The last list of a search gets this time. Milliseconds. */
const searchReserveMs = 1_000

export const getDeadlines = (end: Deadline, startedAt: number, options: SubmitOptions): SubmitDeadlines => {
  const left = Effect.map(monotonicMillis, (now) => Math.max(0, end - now))
  const sendBy = end - minSendMs
  return {
    end,
    sendBy,
    queueBy: Math.min(startedAt + toMillis(options.queueTimeout, defaultQueueTimeout), sendBy),
    // Two thirds of the remaining time are for the response, the rest for the search.
    responseMs: Effect.map(left, (ms) =>
      Math.min(toMillis(options.responseTimeout, defaultResponseTimeout), (ms * 2) / 3),
    ),
    searchUntil: (minMs = 0) =>
      Effect.map(monotonicMillis, (now) =>
        Math.min(
          now + Math.max(minMs, toMillis(options.reconcileTimeout, defaultReconcileTimeout)),
          end - searchReserveMs,
        ),
      ),
  }
}

const toMillis = (duration: Duration.Input | undefined, otherwise: Duration.Duration): number =>
  Duration.toMillis(Duration.fromInputUnsafe(duration ?? otherwise))

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
