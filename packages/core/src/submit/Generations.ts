import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Result from "effect/Result"
import {
  ApiError,
  type CallbackFailed,
  CostTooHigh,
  type DryRunCharged,
  InvalidInput,
  SubmitUncertain,
} from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { type Backoff, getBackoffMs } from "../http/backoff.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { type Deadline, deadlineIn, monotonicMillis } from "../utils/monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import type { IpDetection } from "../api/IpDetection.ts"
import { DryRuns, lostPriceText, type PriceOptions } from "./DryRuns.ts"
import { describeTarget, type GenerationRequest } from "./GenerationRequest.ts"
import { decodeIntent } from "./intents.ts"
import { Preparation, type PreparationError, type PreparedRequest } from "./Preparation.ts"
import { limitToSendBy, makeOutOfTimeError } from "./limitToSendBy.ts"
import { type Reconciled, Reconciliation } from "./Reconciliation.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"
import type { Submission } from "./Submission.ts"
import {
  checkSubmitOptions,
  getDeadlines,
  type SubmitDeadlines,
  type SubmitOptions,
} from "./SubmitOptions.ts"
import { makePlan, type SeededRequest, type SubmitPlan, withChosenSeed } from "./SubmitPlan.ts"
import { type SubmitProgress, SubmitProtocol } from "./SubmitProtocol.ts"
import { annotateSpan } from "../tracing.ts"
import { toOpenSubmit } from "./SubmitRegistry.ts"

/** How a submit can fail. Only after `SubmitUncertain` it is unknown whether anything was spent. */
export type SubmitError = PreparationError | CostTooHigh | DryRunCharged | CallbackFailed | SubmitUncertain

export interface ReconcileOptions {
  /** How long to search for a job that may not be listed yet. Default 15 s. A number is in milliseconds. */
  readonly timeout?: Duration.Input | undefined
}

/** Prices generations, and submits each of them once. */
export class Generations extends Context.Service<
  Generations,
  {
    /**
     * Gets the price of a generation in compute units. It checks the inputs, and uploads the files. With `ipDetection`, the price
     * includes the fee of the detection, which Scenario already charges for this request.
     *
     * @example
     * ```ts
     * const generations = yield* Generations
     * const units = yield* generations.estimate({
     *   model: "model_openai-gpt-image-2",
     *   inputs: { prompt: "a red house" },
     * })
     * ```
     */
    estimate(
      request: GenerationRequest,
      options?: PriceOptions,
    ): Effect.Effect<number, PreparationError | DryRunCharged>
    /**
     * Submits a generation. A request is retried only if it was definitely rejected. If the response is lost, the library
     * searches for the job that it may have created, and fails with `SubmitUncertain` if no job is certain. If you interrupt it
     * before it is sent, nothing is sent. After that, it ends within two seconds, and the submit continues in the background
     * until its job is known.
     *
     * @example
     * ```ts
     * const generations = yield* Generations
     * const { job } = yield* generations.submit(
     *   { model: "model_openai-gpt-image-2", inputs: { prompt: "a red house" } },
     *   { maxCost: 20, onSending: (intent) => Effect.log("store", intent) },
     * )
     * ```
     */
    submit(request: GenerationRequest, options?: SubmitOptions): Effect.Effect<Submission, SubmitError>
    /**
     * Searches for the job of an intent among all jobs since its `notBefore`. The intent can come from another process. Fails if
     * the jobs can't be listed.
     *
     * @example
     * ```ts
     * const generations = yield* Generations
     * const { submission } = yield* generations.reconcile(intent)
     * if (submission !== undefined) yield* resume(submission)
     * ```
     */
    reconcile(
      intent: SubmitIntent,
      options?: ReconcileOptions,
    ): Effect.Effect<Reconciled, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Generations") {
  /** @internal */
  static readonly layer: Layer.Layer<
    Generations,
    never,
    Preparation | DryRuns | SubmitProtocol | Reconciliation | ScenarioHttp | ScenarioConfig
  > = Layer.effect(
    Generations,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const preparation = yield* Preparation
  const dryRuns = yield* DryRuns
  const protocol = yield* SubmitProtocol
  const reconciliation = yield* Reconciliation
  const http = yield* ScenarioHttp
  const { identifyBySeed } = yield* ScenarioConfig
  const { registry } = reconciliation

  const estimate = Effect.fn("scenario.estimate")(function* (
    request: GenerationRequest,
    options?: PriceOptions,
  ) {
    yield* annotateSpan(describeTarget(request))
    const { total } = yield* dryRuns.price(yield* preparation.prepare(request), options)
    yield* annotateSpan({ "scenario.cost": total })
    return total
  })

  /** Fails with `CostTooHigh` above the limit. Returns the IP detection of the dry run. */
  const checkPrice = Effect.fnUntraced(function* (
    request: GenerationRequest,
    { prepared }: SeededRequest,
    { maxCost, ipDetection }: SubmitOptions,
    sendBy: Deadline,
  ): Effect.fn.Return<IpDetection | undefined, ApiError | CostTooHigh | DryRunCharged | InvalidInput> {
    if (maxCost === undefined) return undefined
    // First without the detection, which is free: above the limit, no fee is charged.
    const asked = ipDetection === true ? [{}, { ipDetection }] : [{}]
    let found: IpDetection | undefined
    for (const priceOptions of asked) {
      const price = yield* limitToSendBy(
        dryRuns.price(prepared, priceOptions),
        request,
        { sendBy },
        { neverSent: false, detail: `the price didn't come in time; ${lostPriceText}` },
      )
      if (price.total > maxCost) return yield* new CostTooHigh({ estimate: price.total, maxCost })
      found = price.ipDetection
    }
    return found
  })

  /** Gets the price if there is a limit, and submits. */
  const submitSeeded = Effect.fnUntraced(function* (
    request: GenerationRequest,
    seeded: SeededRequest,
    options: SubmitOptions,
    end: Deadline,
  ) {
    const ipDetection = yield* checkPrice(request, seeded, options, getDeadlines(end, 0, options).sendBy)
    const plan: SubmitPlan = { ...(yield* makePlan(http, registry, seeded)), ipDetection }
    const now = yield* monotonicMillis
    const deadlines = getDeadlines(end, now, options)
    if (now > deadlines.sendBy) return yield* makeOutOfTimeError(request)
    return yield* runDetached((progress) => protocol.run(plan, options, deadlines, progress))
  })

  /** Resumes the job of an earlier submit with the same key, or submits. If the earlier submit is uncertain, it stays uncertain. */
  const resumeOr = Effect.fnUntraced(function* (
    submitOnce: Effect.Effect<Submission, SubmitError>,
    intent: SubmitIntent,
    requestKey: string,
    request: GenerationRequest,
    options: SubmitOptions,
    deadlines: SubmitDeadlines,
  ) {
    const search = reconciliation.findRepeated(intent, requestKey)
    const repeated = yield* limitToSendBy(search, request, deadlines)
    if (repeated !== undefined) return yield* protocol.report(repeated, options, deadlines)
    const uncertain = registry.findUncertain(intent)
    if (uncertain === undefined) return yield* submitOnce
    const found = yield* reconciliation.search(uncertain, yield* deadlines.searchUntil())
    if (found.submission !== undefined) {
      registry.close(uncertain)
      return yield* protocol.report(found.submission, options, deadlines)
    }
    return yield* new SubmitUncertain({
      intent: uncertain.intent,
      candidates: found.candidates,
      reason: "an earlier submit with the same requestKey is still uncertain",
    })
  })

  const submit = Effect.fn("scenario.submit")(
    function* (request: GenerationRequest, options: SubmitOptions = {}) {
      yield* annotateSpan(describeTarget(request))
      yield* checkSubmitOptions(options)
      const end = yield* deadlineIn(options.totalTimeout ?? Infinity)
      const deadlines = getDeadlines(end, 0, options)
      const prepared = yield* limitToSendBy(preparation.prepare(request), request, deadlines)
      // With a limit, the dry run requests the detection.
      const detects = options.ipDetection === true && options.maxCost === undefined
      const checked = detects ? withQuery(prepared, { ipDetection: true }) : prepared
      const identifies = options.identifyBySeed ?? identifyBySeed
      if (options.requestKey !== undefined && !identifies) return yield* makeKeyWithoutSeedError()
      const seeded = yield* withChosenSeed(checked, registry, {
        identifyBySeed: identifies,
        requestKey: options.requestKey,
      })
      const submitOnce = submitSeeded(request, seeded, options, end)
      const { requestKey } = options
      if (requestKey === undefined) return yield* submitOnce
      const { intent } = yield* makePlan(http, registry, seeded)
      const noted = Effect.tap(submitOnce, ({ job }) =>
        Effect.sync(() => registry.noteJob(intent, job.jobId, requestKey)),
      )
      return yield* registry.inTurn(
        intent,
        requestKey,
        resumeOr(noted, intent, requestKey, request, options, deadlines),
      )
    },
    Effect.tap(({ job, cost }) => annotateSpan({ "scenario.job.id": job.jobId, "scenario.cost": cost })),
    Effect.tap(() => countSubmit("accepted")),
    Effect.tapError((error) => countSubmit(error._tag)),
  )

  const reconcile = Effect.fn("scenario.reconcile")(function* (
    stored: SubmitIntent,
    options: ReconcileOptions = {},
  ) {
    const intent = yield* decodeIntent(stored)
    const until = yield* deadlineIn(options.timeout ?? "15 seconds")
    for (let lists = 1; ; lists++) {
      const delay = getBackoffMs(reconcileBackoff, lists)
      const left = Math.max(minReconcileMs, until - (yield* monotonicMillis))
      const listing = Effect.timeoutOrElse(reconciliation.searchOnce(toOpenSubmit(intent)), {
        duration: left,
        orElse: () => Effect.fail(makeNotListedError()),
      })
      const found = yield* Effect.result(listing)
      if (Result.isSuccess(found) && found.success.submission !== undefined) {
        registry.closeIntent(intent)
        return found.success
      }
      const isListedByNow =
        (yield* http.serverTime) - Date.parse(intent.sentAt ?? intent.notBefore) > maxListingMs
      const isOver = (yield* monotonicMillis) + delay > until
      if (Result.isSuccess(found) && isListedByNow) return found.success
      if (isOver) return Result.isSuccess(found) ? toUnlisted(found.success) : yield* found.failure
      yield* Effect.sleep(delay)
    }
  })

  return Generations.of({ estimate, submit, reconcile })
})

const submitCount = Metric.counter("scenario_submits", { description: "Submits, by how they ended" })

const countSubmit = (outcome: string) => Metric.update(Metric.withAttributes(submitCount, { outcome }), 1)

/** A job is listed this long after its creation. Milliseconds. */
const maxListingMs = 60_000

/** A result from before every job of that time is listed. */
const toUnlisted = (found: Reconciled): Reconciled => ({
  ...found,
  isComplete: false,
  incompleteReason: found.incompleteReason ?? "its job may not be listed yet",
})

const reconcileBackoff: Backoff = { firstMs: 1_000, maxMs: 5_000 }

/** The minimum time for one list. Milliseconds. */
const minReconcileMs = 1_000

const makeNotListedError = (): ApiError =>
  new ApiError({
    reason: { _tag: "Unreachable", detail: "the jobs could not be listed in time", neverSent: false },
    request: "GET /jobs",
  })

const makeKeyWithoutSeedError = (): InvalidInput =>
  new InvalidInput({
    issues: [
      {
        path: "requestKey",
        message:
          "It needs identifyBySeed, because a repeated request is recognized by its seed. Turn identifyBySeed on, or remove requestKey.",
      },
    ],
  })

/** How long an interrupted caller waits for the response of a request that was sent. */
const interruptGrace = "2 seconds"

/**
 * Runs a submit in its own fiber. Once the request was sent, an interruption of the caller doesn't stop it, so that its job is
 * claimed and `onSubmitted` is called. Before that, an interruption sends nothing.
 */
const runDetached = <A, E>(run: (progress: SubmitProgress) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const progress: SubmitProgress = { hasLeft: false, isAbandoned: false }
      const fiber = yield* Effect.forkDetach(Effect.interruptible(run(progress)), { startImmediately: true })
      return yield* Effect.onInterrupt(restore(Fiber.join(fiber)), () => {
        progress.isAbandoned = true
        return progress.hasLeft
          ? Effect.timeoutOption(Effect.interruptible(Fiber.await(fiber)), interruptGrace)
          : Fiber.interrupt(fiber)
      })
    }),
  )

const withQuery = (prepared: PreparedRequest, query: NonNullable<ApiCall["query"]>): PreparedRequest => ({
  ...prepared,
  call: { ...prepared.call, query },
})
