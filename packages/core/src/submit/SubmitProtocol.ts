import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { readNamedJob } from "../api/Job.ts"
import { ApiError, CallbackFailed, type JobCandidate, SubmitUncertain } from "../errors.ts"
import type { ApiResponse, ApiCall } from "../http/ApiCall.ts"
import { describeBlock } from "../api/IpDetection.ts"
import { getQueueWaitMs, canBeAcceptedLater } from "../http/RetryPolicy.ts"
import { toBlockedError, ScenarioHttp, toUnexpectedBody } from "../http/ScenarioHttp.ts"
import { type Deadline, endAt, monotonicMillis } from "../utils/monotonic.ts"
import { Ceilings, readCeiling, type TurnOptions } from "./Ceilings.ts"
import { type Reconciled, Reconciliation } from "./Reconciliation.ts"
import { readSeed } from "./recognizeJob.ts"
import { addFee, readSubmission, type Submission, type SubmitResponse } from "./Submission.ts"
import type { SubmitDeadlines, SubmitOptions } from "./SubmitOptions.ts"
import { makePlan, type SubmitPlan, withChosenSeed } from "./SubmitPlan.ts"
import type { OpenSubmit } from "./SubmitRegistry.ts"

/** Whether the request may have been sent, so that a job can exist. */
export interface SubmitProgress {
  hasLeft: boolean
  /** The caller was interrupted: the library waits for what was sent, and sends nothing more. */
  isAbandoned: boolean
}

type SendError = ApiError | CallbackFailed | SubmitUncertain

/**
 * Sends a planned submit, and retries it only if it was definitely rejected. If the response is lost, it searches for the job,
 * and fails with `SubmitUncertain` if no job is certain.
 */
export class SubmitProtocol extends Context.Service<
  SubmitProtocol,
  {
    run(
      plan: SubmitPlan,
      options: SubmitOptions,
      deadlines: SubmitDeadlines,
      progress: SubmitProgress,
    ): Effect.Effect<Submission, SendError>
    /** Calls `onSubmitted` with a submission, and returns it. */
    report(
      submission: Submission,
      options: SubmitOptions,
      deadlines: SubmitDeadlines,
    ): Effect.Effect<Submission, CallbackFailed>
  }
>()("@scenario-automation/core/SubmitProtocol") {
  /** @internal */
  static readonly layer: Layer.Layer<SubmitProtocol, never, ScenarioHttp | Ceilings | Reconciliation> =
    Layer.effect(
      SubmitProtocol,
      Effect.suspend(() => make),
    )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  const ceilings = yield* Ceilings
  const reconciliation = yield* Reconciliation
  const { registry } = reconciliation

  /** Makes one attempt. */
  const sendOnce = (
    plan: SubmitPlan,
    deadlines: SubmitDeadlines,
    onSend: Effect.Effect<void>,
    earlierAttempts: number,
  ) => {
    const call: ApiCall = {
      ...plan.request.prepared.call,
      isRepeatable: false,
      sendBy: deadlines.sendBy,
      timeout: deadlines.responseMs,
      onSend,
      earlierAttempts,
      // A refusal that names a job may have created it.
      isResult: (_status, body) => readNamedJob(body) !== undefined,
    }
    return Effect.flatMap(http.call(call), (response) => {
      if (response.status >= 300) return Effect.fail(makeContradictionError(call, response))
      const submitted = readSubmission(plan.request.prepared.request, response.body)
      const block = submitted?.job === undefined ? describeBlock(response.body) : undefined
      if (block !== undefined) return Effect.fail(toBlockedError(call, response, block))
      return submitted === undefined
        ? Effect.fail(toUnexpectedBody(call, response))
        : Effect.succeed(submitted)
    })
  }

  /** Sends until a response came, was lost, or is a final refusal. A refusal is an error, a lost response a value. */
  const sendUntilResponse = Effect.fnUntraced(function* (
    submit: OpenSubmit,
    plan: SubmitPlan,
    options: SubmitOptions,
    deadlines: SubmitDeadlines,
    progress: SubmitProgress,
  ) {
    const onSend = Effect.gen(function* () {
      progress.hasLeft = true
      const { clock } = submit.intent
      const now = yield* clock === "scenario" ? http.serverTime : Clock.currentTimeMillis
      submit.intent = { ...submit.intent, sentAt: new Date(now).toISOString() }
      options.onMaybeAccepted?.(submit.intent)
    })
    let attempts = 0
    const send = Effect.suspend(() => sendOnce(plan, deadlines, onSend, attempts++))
    const attempt = Effect.tapError(send, (error) =>
      Effect.sync(() => {
        if (!isCertainlyNotAccepted(error)) return
        progress.hasLeft = false
        options.onMaybeAccepted?.(undefined)
      }),
    )
    const turn = ceilings.takeTurn(plan.request.prepared.call)
    const turnOptions: TurnOptions<CallbackFailed> = {
      deadline: deadlines.sendBy,
      mayWait: () => options.ifAtCeiling !== "fail" && !progress.isAbandoned,
      onWaiting: (wait) =>
        options.onWaiting === undefined
          ? Effect.void
          : runCallback(options.onWaiting(wait), deadlines.sendBy, {
              callback: "onWaiting",
              intent: plan.intent,
            }),
    }
    for (let refusals = 1; ; refusals++) {
      const sent = yield* Effect.result(turn.send(attempt, turnOptions))
      if (Result.isSuccess(sent)) return sent.success
      const error = sent.failure
      if (error._tag === "CallbackFailed") return yield* error
      if (!isCertainlyNotAccepted(error)) return new LostResponse(error)
      if (readCeiling(error) !== undefined) return yield* error
      const wait = yield* getQueueWaitMs(refusals, error)
      const queueBy = Math.min(deadlines.queueBy + turn.waitedMs, deadlines.sendBy)
      const isOver = (yield* monotonicMillis) + wait > queueBy
      if (!canBeAcceptedLater(error) || isOver || progress.isAbandoned) return yield* error
      yield* Effect.sleep(wait)
    }
  })

  const accept = (submit: OpenSubmit, response: SubmitResponse, job: Submission["job"]): Submission => {
    const { intent } = submit
    registry.claim({ jobId: job.jobId, createdAt: job.submittedAt }, intent)
    registry.noteJob(intent, job.jobId)
    registry.authorId = response.snapshot?.authorId ?? registry.authorId
    const echo = response.snapshot?.input
    if (echo !== undefined && Object.keys(echo).length > 0) registry.noteSeed(intent, readSeed(echo["seed"]))
    // If the response has no date, the job is as old as its request.
    const submittedAt = job.submittedAt ?? (intent.clock === "scenario" ? intent.sentAt : undefined)
    return { ...response, job: { ...job, submittedAt }, seed: intent.seed }
  }

  const sendAndSearch = Effect.fnUntraced(function* (
    submit: OpenSubmit,
    plan: SubmitPlan,
    options: SubmitOptions,
    deadlines: SubmitDeadlines,
    progress: SubmitProgress,
  ): Effect.fn.Return<Submission, SendError> {
    const onSending = options.onSending
    if (onSending !== undefined) {
      yield* runCallback(onSending(plan.intent), deadlines.sendBy, {
        callback: "onSending",
        intent: plan.intent,
      })
    }
    const sent = yield* sendUntilResponse(submit, plan, options, deadlines, progress)
    if (!(sent instanceof LostResponse) && sent.job !== undefined) return accept(submit, sent, sent.job)
    submit.isLost = true
    const canResubmit = sent instanceof LostResponse && options.ifUncertain === "resubmit"
    const until = yield* deadlines.searchUntil(canResubmit ? minGraceMs : 0)
    const found = yield* reconciliation.search(submit, until)
    if (found.submission !== undefined) {
      return sent instanceof LostResponse
        ? found.submission
        : { ...sent, ...found.submission, ...toResult(sent) }
    }
    const uncertain = toUncertain(submit, found, sent)
    const hasNoJob = found.isComplete && uncertain.candidates.length === 0
    if (!canResubmit || !hasNoJob || progress.isAbandoned) return yield* uncertain
    return yield* resubmit(submit, plan, uncertain, options, deadlines, progress)
  })

  /** Submits once more. The first submit stays uncertain, no matter how the second one ends. */
  const resubmit = Effect.fnUntraced(function* (
    first: OpenSubmit,
    plan: SubmitPlan,
    uncertain: SubmitUncertain,
    options: SubmitOptions,
    deadlines: SubmitDeadlines,
    progress: SubmitProgress,
  ): Effect.fn.Return<Submission, SendError> {
    const { unseeded, seed } = plan.request
    const request = yield* withChosenSeed(unseeded, registry, { identifyBySeed: seed !== undefined })
    const again = yield* makePlan(http, registry, request)
    // After an interruption, the caller reports the first submit.
    const once: SubmitOptions = { ...options, ifUncertain: "fail", onMaybeAccepted: undefined }
    const second = yield* Effect.result(run(again, once, deadlines, progress))
    // A job of the first submit may be listed only now.
    const late = yield* reconciliation
      .searchOnce(first)
      .pipe(Effect.timeoutOption("10 seconds"), Effect.result)
    const earlier = Result.isSuccess(late) ? Option.getOrUndefined(late.success) : undefined
    if (Result.isFailure(second)) {
      if (earlier?.submission !== undefined) return earlier.submission
      return yield* withSecondFailure(uncertain, second.failure, earlier)
    }
    return earlier?.submission === undefined
      ? second.success
      : { ...earlier.submission, duplicates: [second.success.job] }
  })

  const run = (
    plan: SubmitPlan,
    options: SubmitOptions,
    deadlines: SubmitDeadlines,
    progress: SubmitProgress,
  ): Effect.Effect<Submission, SendError> =>
    Effect.acquireUseRelease(
      Effect.map(monotonicMillis, (now) => registry.open(plan.intent, now)),
      (submit) => sendAndSearch(submit, plan, options, deadlines, progress),
      (submit, exit) =>
        Effect.sync(() => {
          if (!isUncertain(exit)) registry.close(submit)
        }),
    )

  const report = (submission: Submission, { onSubmitted }: SubmitOptions, { end }: SubmitDeadlines) =>
    onSubmitted === undefined
      ? Effect.succeed(submission)
      : Effect.as(
          runCallback(onSubmitted(submission), end, { callback: "onSubmitted", job: submission.job }),
          submission,
        )

  return SubmitProtocol.of({
    run: (plan, options, deadlines, progress) =>
      Effect.flatMap(run(plan, options, deadlines, progress), (submission) =>
        report(withDetection(submission, plan), options, deadlines),
      ),
    report,
  })
})

const withDetection = (submission: Submission, { ipDetection }: SubmitPlan): Submission =>
  ipDetection === undefined
    ? submission
    : { ...submission, cost: addFee(submission.cost, ipDetection), ipDetection }

/** The response is a refusal, but names a job, so it is uncertain whether the job exists. */
const makeContradictionError = (call: ApiCall, response: ApiResponse): ApiError => {
  const { request, requestId, reason } = toUnexpectedBody(call, response)
  const detail = `the response is a refusal (${response.status}), and names a job`
  return new ApiError({
    request,
    requestId,
    reason: { ...reason, detail },
    jobId: readNamedJob(response.body)?.jobId,
  })
}

/** No response came, or an unusable one, so the job may exist. */
class LostResponse {
  readonly error: ApiError
  constructor(error: ApiError) {
    this.error = error
  }
}

/** A job is listed within this time. If the search ends earlier, it proves nothing. Milliseconds. */
const minGraceMs = 10_000

/** A callback that doesn't end must not exceed the caller's limit. */
const runCallback = (
  callback: Effect.Effect<void, unknown>,
  deadline: Deadline,
  facts: Pick<CallbackFailed, "callback"> & Partial<Pick<CallbackFailed, "job" | "intent">>,
): Effect.Effect<void, CallbackFailed> =>
  Effect.catchCause(
    endAt(callback, deadline, () => new Error("it did not end in time")),
    (cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.interrupt
        : Effect.fail(new CallbackFailed({ ...facts, cause: Cause.squash(cause) })),
  )

const isUncertain = (exit: Exit.Exit<Submission, SendError>): boolean =>
  Option.getOrUndefined(Exit.findErrorOption(exit))?._tag === "SubmitUncertain"

const toResult = ({ inlineResult, asset, cost }: SubmitResponse) => ({ inlineResult, asset, cost })

const toUncertain = (
  submit: OpenSubmit,
  { candidates }: Reconciled,
  sent: LostResponse | SubmitResponse,
): SubmitUncertain => {
  const { intent } = submit
  if (sent instanceof LostResponse) {
    const { reason, jobId } = sent.error
    const isListed = jobId === undefined || candidates.some((job) => job.jobId === jobId)
    return new SubmitUncertain({
      intent,
      candidates: isListed ? candidates : [...candidates, { jobId }],
      reason: reason.detail,
    })
  }
  const { _tag, ...output } = sent.inlineResult ?? { _tag: undefined }
  return new SubmitUncertain({ intent, candidates, reason: "the response names no job", output })
}

const withSecondFailure = (
  { intent, candidates, reason }: SubmitUncertain,
  failure: SendError,
  earlier: Reconciled | undefined,
): SubmitUncertain => {
  const known = new Map<string, JobCandidate>()
  const second = failure._tag === "SubmitUncertain" ? failure : undefined
  for (const job of [...candidates, ...(earlier?.candidates ?? []), ...(second?.candidates ?? [])]) {
    known.set(job.jobId, job)
  }
  const why = second?.reason ?? failure.message
  return new SubmitUncertain({
    intent,
    resubmitted: second?.intent,
    candidates: [...known.values()],
    reason: `${reason}; then the second submit failed: ${why}`,
  })
}

/** Whether the request was refused or never sent, so that no job can exist. */
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
