import { Clock, Context, Duration, Effect, Fiber, Layer, Metric, Random, Result, Scope } from "effect"
import { ApiError, CostTooHigh, InvalidInput, SubmitUncertain } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { retryAfterOf } from "../http/RetryPolicy.ts"
import { ScenarioHttp, unexpectedBody } from "../http/ScenarioHttp.ts"
import { describeRequest, type GenerationRequest } from "./GenerationRequest.ts"
import { Preparation, type PreparationError, type PreparedRequest } from "./Preparation.ts"
import { Reconciliation } from "./Reconciliation.ts"
import { readCost, readSubmission, type Submission } from "./Submission.ts"
import type { OngoingSubmit } from "./SubmitRegistry.ts"

export interface SubmitOptions {
  /** Compute units. The price is asked for first; above this nothing is submitted (`CostTooHigh`). */
  readonly maxCost?: number | undefined
  /** How long to stand in line when Scenario is not taking more for now (429, refused connection). Default 60 s. */
  readonly queueTimeout?: Duration.Input | undefined
  /** How long the answer may take before it counts as lost. Default 60 s. */
  readonly responseTimeout?: Duration.Input | undefined
  /** How long a job whose submit was not answered is looked for. Default 15 s. */
  readonly reconcileTimeout?: Duration.Input | undefined
  /**
   * How long all of it may take, from the first check to the end of the look for a lost job: for a caller who is cut off
   * then. What comes later is cut to what is left; where too little is left to send safely, nothing is sent. Default: none.
   */
  readonly totalTimeout?: Duration.Input | undefined
  /** `resubmit`: where no job can be found after a lost answer, submit again; it may be paid twice. Default `fail`. */
  readonly ifUncertain?: "fail" | "resubmit" | undefined
  /** Called as soon as the job is known, even where the caller was interrupted meanwhile: the place to write it down. */
  readonly onSubmitted?: ((submission: Submission) => Effect.Effect<void>) | undefined
}

/** Everything in which a submit can end but success. Only `SubmitUncertain` leaves open whether something was spent. */
export type SubmitError = PreparationError | CostTooHigh | SubmitUncertain

const submitCount = Metric.counter("scenario_submits", { description: "Submits, by how they ended" })

/** Starts generations: prices them, submits them once. */
export class Generations extends Context.Service<
  Generations,
  {
    /** What a generation would cost, in compute units. Its inputs are checked, and its files uploaded. */
    estimate(request: GenerationRequest): Effect.Effect<number, PreparationError>
    /**
     * Submits a generation. It is repeated only where it certainly was not accepted. After a lost answer the job that may
     * have been born is looked for; where that stays open it ends in `SubmitUncertain`. From the sending until the answer
     * it cannot be interrupted: a paid job would be lost.
     */
    submit(request: GenerationRequest, options?: SubmitOptions): Effect.Effect<Submission, SubmitError>
  }
>()("@scenario-automation/core/Generations") {
  static readonly layer: Layer.Layer<Generations, never, Preparation | Reconciliation | ScenarioHttp> =
    Layer.effect(
      Generations,
      Effect.gen(function* () {
        const preparation = yield* Preparation
        const http = yield* ScenarioHttp
        const reconciliation = yield* Reconciliation
        const registry = reconciliation.registry
        const scope = yield* Scope.Scope

        const price = (prepared: PreparedRequest) =>
          http.callFor(
            // A query only: `dryRun` in the body is ignored, and runs a paid job.
            { ...prepared.call, query: { dryRun: "true" }, isRepeatable: true },
            readCost,
          )

        const estimate = Effect.fn("Generations.estimate")((request: GenerationRequest) =>
          Effect.flatMap(preparation.prepare(request), price),
        )

        const sendOnce = (prepared: PreparedRequest, options: SubmitOptions, onSend: Effect.Effect<void>) => {
          const timeout = options.responseTimeout ?? "60 seconds"
          const call: ApiCall = { ...prepared.call, isRepeatable: false, timeout, onSend }
          return Effect.flatMap(http.call(call), (answer) => {
            const submission = readSubmission(prepared.request, answer.body)
            return submission === undefined
              ? Effect.fail(unexpectedBody(call, answer))
              : Effect.succeed(submission)
          })
        }

        const sendAndClaim = Effect.fnUntraced(function* (
          prepared: PreparedRequest,
          ongoing: OngoingSubmit,
          options: SubmitOptions,
          onSend: Effect.Effect<void>,
        ) {
          const sentAt = yield* Clock.currentTimeMillis
          const sent = yield* Effect.result(sendOnce(prepared, options, onSend))
          if (Result.isSuccess(sent)) {
            registry.claim(sent.success.job.jobId)
            registry.authorId = sent.success.snapshot?.authorId ?? registry.authorId
            return sent.success
          }
          if (isCertainlyNotAccepted(sent.failure)) return yield* sent.failure
          ongoing.isLost = true
          const searchMs = millisOf(options.reconcileTimeout, 15_000)
          const { submission, candidates } = yield* reconciliation.search(prepared, ongoing, sentAt, searchMs)
          if (submission !== undefined) return submission
          if (options.ifUncertain === "resubmit" && candidates.length === 0) {
            return yield* Effect.tap(sendOnce(prepared, options, Effect.void), ({ job }) =>
              Effect.sync(() => registry.claim(job.jobId)),
            )
          }
          return yield* new SubmitUncertain({
            submittedAt: new Date(sentAt).toISOString(),
            candidates,
            trouble: sent.failure.reason.detail,
          })
        })

        /**
         * Runs apart from the caller: once the request has left, an interrupted caller still gets the job registered
         * and `onSubmitted` called before it ends. Until then interrupting it sends nothing.
         */
        const sendProtected = Effect.fnUntraced(function* (
          prepared: PreparedRequest,
          options: SubmitOptions,
        ) {
          const ongoing = registry.begin(prepared.call.path + JSON.stringify(prepared.call.body))
          let hasLeft = false
          const onSend = Effect.sync(() => {
            hasLeft = true
          })
          const sending = yield* sendAndClaim(prepared, ongoing, options, onSend).pipe(
            Effect.tap((submission) => options.onSubmitted?.(submission) ?? Effect.void),
            Effect.ensuring(Effect.sync(() => registry.end(ongoing))),
            Effect.forkIn(scope),
          )
          return yield* Effect.onInterrupt(Fiber.join(sending), () =>
            hasLeft ? Fiber.await(sending) : Fiber.interrupt(sending),
          )
        })

        /** Sends until it is taken, refused for good, or lost; repeats only what was certainly not accepted. */
        const sendUntilTaken = Effect.fnUntraced(function* (
          prepared: PreparedRequest,
          options: SubmitOptions,
          endsAt: number,
        ) {
          const begunAt = yield* Clock.currentTimeMillis
          const lastSend = endsAt - shortestSendMs
          const deadline = Math.min(begunAt + millisOf(options.queueTimeout, 60_000), lastSend)
          for (let delay = 1_000; ; delay = Math.min(delay * 1.7, 10_000)) {
            const now = yield* Clock.currentTimeMillis
            if (now > lastSend) return yield* outOfTime(prepared.request)
            const sent = yield* Effect.result(sendProtected(prepared, fitInto(endsAt - now, options)))
            if (Result.isSuccess(sent)) return sent.success
            const error = sent.failure
            if (error._tag !== "ApiError" || !isTakenLater(error)) return yield* error
            const wait = Math.max(delay * (0.8 + 0.4 * (yield* Random.next)), retryAfterOf(error))
            if ((yield* Clock.currentTimeMillis) + wait > deadline) return yield* error
            yield* Effect.sleep(wait)
          }
        })

        const submit = Effect.fn("Generations.submit")(
          function* (request: GenerationRequest, options: SubmitOptions = {}) {
            yield* checkMaxCost(options.maxCost)
            const endsAt = (yield* Clock.currentTimeMillis) + millisOf(options.totalTimeout, Infinity)
            const prepared = yield* beforeLastSend(preparation.prepare(request), request, endsAt)
            yield* Effect.annotateCurrentSpan("scenario.request", describeRequest(request))
            if (options.maxCost !== undefined) {
              const cost = yield* beforeLastSend(price(prepared), request, endsAt)
              if (cost > options.maxCost) {
                return yield* new CostTooHigh({ estimate: cost, maxCost: options.maxCost })
              }
            }
            return yield* sendUntilTaken(prepared, options, endsAt)
          },
          Effect.tap(() => countSubmit("accepted")),
          Effect.tapError((error) => countSubmit(error._tag)),
        )

        return Generations.of({ estimate, submit })
      }),
    )
}

/** A limit that is no number would let every price pass. */
const checkMaxCost = (maxCost: number | undefined): Effect.Effect<void, InvalidInput> =>
  maxCost === undefined || maxCost >= 0
    ? Effect.void
    : Effect.fail(
        new InvalidInput({
          issues: [
            { path: "maxCost", expected: "a number of compute units, 0 or more", got: String(maxCost) },
          ],
        }),
      )

const countSubmit = (outcome: string) => Metric.update(Metric.withAttributes(submitCount, { outcome }), 1)

const millisOf = (duration: Duration.Input | undefined, otherwise: number): number =>
  duration === undefined ? otherwise : Duration.toMillis(Duration.fromInputUnsafe(duration))

/** A request that is sent gets this long at least, the look for its job included. Milliseconds. */
const shortestSendMs = 5_000

/** Two thirds of what is left for the answer, the rest for the look for a lost job. */
const fitInto = (leftMs: number, options: SubmitOptions): SubmitOptions => {
  if (leftMs === Infinity) return options
  const answerMs = Math.min(millisOf(options.responseTimeout, 60_000), (leftMs * 2) / 3)
  // The last listing of a search gets a second of its own.
  const searchMs = Math.min(millisOf(options.reconcileTimeout, 15_000), leftMs - answerMs - 1_000)
  return { ...options, responseTimeout: answerMs, reconcileTimeout: searchMs }
}

const beforeLastSend = <A, E>(
  step: Effect.Effect<A, E>,
  request: GenerationRequest,
  endsAt: number,
): Effect.Effect<A, E | ApiError> =>
  endsAt === Infinity
    ? step
    : Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.timeoutOrElse(step, {
          duration: Math.max(0, endsAt - shortestSendMs - now),
          orElse: () => Effect.fail(outOfTime(request)),
        }),
      )

const outOfTime = (request: GenerationRequest): ApiError =>
  new ApiError({
    reason: {
      _tag: "Unreachable",
      detail: "Scenario was too slow to submit in the time that was left, so nothing was submitted",
      neverSent: true,
    },
    request: `submit ${describeRequest(request)}`,
  })

/** A refusal, or a request that never left: no job can have been born of it. */
const isCertainlyNotAccepted = ({ reason }: ApiError): boolean => {
  switch (reason._tag) {
    case "Unavailable":
    case "UnexpectedBody":
      return false
    case "Unreachable":
      return reason.neverSent
    default:
      return true
  }
}

/** Not accepted now, but the same request may be in a while. */
const isTakenLater = ({ reason }: ApiError): boolean =>
  reason._tag === "RateLimited" || (reason._tag === "Unreachable" && reason.neverSent)
