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
import { type Deadline, deadlineIn, monotonicMillis } from "../monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import type { IpDetection } from "../api/IpDetection.ts"
import { DryRuns, lostPrice, type PriceOptions } from "./DryRuns.ts"
import { describeRequest, type GenerationRequest } from "./GenerationRequest.ts"
import { decodeIntent } from "./intents.ts"
import { Preparation, type PreparationError, type PreparedRequest } from "./Preparation.ts"
import { inTimeToSend, outOfTime } from "./inTimeToSend.ts"
import { type Reconciled, Reconciliation } from "./Reconciliation.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"
import type { Submission } from "./Submission.ts"
import {
  checkSubmitOptions,
  deadlinesFor,
  type SubmitDeadlines,
  type SubmitOptions,
} from "./SubmitOptions.ts"
import { makePlan, type SeededRequest, type SubmitPlan, withChosenSeed } from "./SubmitPlan.ts"
import { type SubmitProgress, SubmitProtocol } from "./SubmitProtocol.ts"
import { storedSubmit } from "./SubmitRegistry.ts"

/** How a submit can fail. Only `SubmitUncertain` leaves open whether something was spent. */
export type SubmitError = PreparationError | CostTooHigh | DryRunCharged | CallbackFailed | SubmitUncertain

export interface ReconcileOptions {
  /** How long to keep searching for a job that may not be listed yet. Default 15 s. */
  readonly timeout?: Duration.Input | undefined
}

/** Starts generations: prices them, and submits each of them once. */
export class Generations extends Context.Service<
  Generations,
  {
    /**
     * What a generation would cost, in compute units. Its inputs are checked, and its files uploaded. With `ipDetection`
     * the price includes the fee of the detection, which Scenario charges for this request already.
     */
    estimate(
      request: GenerationRequest,
      options?: PriceOptions,
    ): Effect.Effect<number, PreparationError | DryRunCharged>
    /**
     * Submits a generation. The request is repeated only if it was certainly not accepted. If its response is lost, the job
     * that it may have created is searched for; if that stays open it fails with `SubmitUncertain`. Interrupting it before
     * it is sent sends nothing; afterwards it ends within two seconds, and the submit continues in the background until the job is known.
     */
    submit(request: GenerationRequest, options?: SubmitOptions): Effect.Effect<Submission, SubmitError>
    /**
     * Searches for the job of an intent, which may come from another process: every job since its `notBefore`. Fails if
     * the jobs can't be listed.
     */
    reconcile(
      intent: SubmitIntent,
      options?: ReconcileOptions,
    ): Effect.Effect<Reconciled, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Generations") {
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

  const estimate = Effect.fn("Generations.estimate")((request: GenerationRequest, options?: PriceOptions) =>
    Effect.flatMap(preparation.prepare(request), (prepared) =>
      Effect.map(dryRuns.price(prepared, options), ({ total }) => total),
    ),
  )

  /** What the IP detection of the price request found. `CostTooHigh` above the limit: then nothing is submitted. */
  const checkPrice = Effect.fnUntraced(function* (
    request: GenerationRequest,
    { prepared }: SeededRequest,
    { maxCost, ipDetection }: SubmitOptions,
    sendBy: Deadline,
  ): Effect.fn.Return<IpDetection | undefined, ApiError | CostTooHigh | DryRunCharged> {
    if (maxCost === undefined) return undefined
    // The free question first: a generation that is too expensive is not worth the fee of a detection.
    const asked = ipDetection === true ? [{}, { ipDetection }] : [{}]
    let found: IpDetection | undefined
    for (const priceOptions of asked) {
      const price = yield* inTimeToSend(
        dryRuns.price(prepared, priceOptions),
        request,
        { sendBy },
        { neverSent: false, detail: `no price came in the time that was left; ${lostPrice}` },
      )
      if (price.total > maxCost) return yield* new CostTooHigh({ estimate: price.total, maxCost })
      found = price.ipDetection
    }
    return found
  })

  /** Asks for the price if there is a limit, and sends. */
  const submitSeeded = Effect.fnUntraced(function* (
    request: GenerationRequest,
    seeded: SeededRequest,
    options: SubmitOptions,
    end: Deadline,
  ) {
    const ipDetection = yield* checkPrice(request, seeded, options, deadlinesFor(end, 0, options).sendBy)
    const plan: SubmitPlan = { ...(yield* makePlan(http, registry, seeded)), ipDetection }
    const now = yield* monotonicMillis
    const deadlines = deadlinesFor(end, now, options)
    if (now > deadlines.sendBy) return yield* outOfTime(request)
    return yield* detached((progress) => protocol.run(plan, options, deadlines, progress))
  })

  /** The job of an earlier submit with the same key, or else a new one. An earlier one in doubt stays in doubt. */
  const resumeOr = Effect.fnUntraced(function* (
    once: Effect.Effect<Submission, SubmitError>,
    intent: SubmitIntent,
    requestKey: string,
    request: GenerationRequest,
    options: SubmitOptions,
    deadlines: SubmitDeadlines,
  ) {
    const search = reconciliation.findRepeated(intent, requestKey)
    const repeated = yield* inTimeToSend(search, request, deadlines)
    if (repeated !== undefined) return yield* protocol.report(repeated, options, deadlines)
    const doubtful = registry.findDoubtful(intent)
    if (doubtful === undefined) return yield* once
    const found = yield* reconciliation.search(doubtful, yield* deadlines.searchUntil())
    if (found.submission !== undefined) {
      registry.close(doubtful)
      return yield* protocol.report(found.submission, options, deadlines)
    }
    return yield* new SubmitUncertain({
      intent: doubtful.intent,
      candidates: found.candidates,
      reason: "an earlier submit with the same requestKey is still uncertain",
    })
  })

  const submit = Effect.fn("Generations.submit")(
    function* (request: GenerationRequest, options: SubmitOptions = {}) {
      yield* checkSubmitOptions(options)
      const end = yield* deadlineIn(options.totalTimeout ?? Infinity)
      const deadlines = deadlinesFor(end, 0, options)
      const prepared = yield* inTimeToSend(preparation.prepare(request), request, deadlines)
      // With a limit, the price request has asked for it already.
      const detects = options.ipDetection === true && options.maxCost === undefined
      const checked = detects ? withQuery(prepared, { ipDetection: true }) : prepared
      yield* Effect.annotateCurrentSpan("scenario.request", describeRequest(request))
      const identifies = options.identifyBySeed ?? identifyBySeed
      if (options.requestKey !== undefined && !identifies) return yield* keyWithoutSeed()
      const seeded = yield* withChosenSeed(checked, registry, {
        identifyBySeed: identifies,
        requestKey: options.requestKey,
      })
      const once = submitSeeded(request, seeded, options, end)
      const { requestKey } = options
      if (requestKey === undefined) return yield* once
      const { intent } = yield* makePlan(http, registry, seeded)
      const noted = Effect.tap(once, ({ job }) =>
        Effect.sync(() => registry.noteAnswer(intent, job.jobId, requestKey)),
      )
      return yield* registry.inTurn(
        intent,
        requestKey,
        resumeOr(noted, intent, requestKey, request, options, deadlines),
      )
    },
    Effect.tap(() => countSubmit("accepted")),
    Effect.tapError((error) => countSubmit(error._tag)),
  )

  const reconcile = Effect.fn("Generations.reconcile")(function* (
    stored: SubmitIntent,
    options: ReconcileOptions = {},
  ) {
    const intent = yield* decodeIntent(stored)
    const until = yield* deadlineIn(options.timeout ?? "15 seconds")
    for (let lists = 1; ; lists++) {
      const delay = getBackoffMs(reconcileBackoff, lists)
      const left = Math.max(minReconcileMs, until - (yield* monotonicMillis))
      const listing = Effect.timeoutOrElse(reconciliation.searchOnce(storedSubmit(intent)), {
        duration: left,
        orElse: () => Effect.fail(notListed()),
      })
      const found = yield* Effect.result(listing)
      if (Result.isSuccess(found) && found.success.submission !== undefined) {
        registry.closeIntent(intent)
        return found.success
      }
      const isListedByNow =
        (yield* http.serverTime) - Date.parse(intent.sentAt ?? intent.notBefore) > maxListingMs
      const isOver = (yield* monotonicMillis) + delay > until
      if (isOver || (Result.isSuccess(found) && isListedByNow)) return yield* Effect.fromResult(found)
      yield* Effect.sleep(delay)
    }
  })

  return Generations.of({ estimate, submit, reconcile })
})

const submitCount = Metric.counter("scenario_submits", { description: "Submits, by how they ended" })

const countSubmit = (outcome: string) => Metric.update(Metric.withAttributes(submitCount, { outcome }), 1)

/** A job that was created this long ago is listed. Milliseconds. */
const maxListingMs = 60_000

const reconcileBackoff: Backoff = { firstMs: 1_000, maxMs: 5_000 }

/** One list gets this long at least. Milliseconds. */
const minReconcileMs = 1_000

const notListed = (): ApiError =>
  new ApiError({
    reason: { _tag: "Unreachable", detail: "the jobs could not be listed in time", neverSent: false },
    request: "GET /jobs",
  })

const keyWithoutSeed = (): InvalidInput =>
  new InvalidInput({
    issues: [
      {
        path: "requestKey",
        message:
          "It needs identifyBySeed, because a repeated request is recognized by its seed. Turn identifyBySeed on, or remove requestKey.",
      },
    ],
  })

/** How long an interrupted caller waits for the response of a request that has left. */
const interruptGrace = "2 seconds"

/**
 * Runs a submit apart from its caller: once the request has left, an interrupted caller still gets the job claimed and
 * `onSubmitted` called. Until then interrupting it sends nothing.
 */
const detached = <A, E>(run: (progress: SubmitProgress) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
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
