import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { type Job, toJobRef, readJobResponse } from "../api/Job.ts"
import { ApiError, InvalidInput, type JobCandidate } from "../errors.ts"
import { type Backoff, getBackoffMs } from "../http/backoff.ts"
import { maxJobPageSize } from "../api/limits.ts"
import { JobListPages } from "../http/JobListPages.ts"
import { readPage } from "../http/pages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { type Deadline, monotonicMillis } from "../utils/monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import { classifyJob } from "../api/jobStatus.ts"
import { readTarget } from "./intents.ts"
import { clockSlackMs, contradictsEcho, recognizeJob } from "./recognizeJob.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"
import type { Submission } from "./Submission.ts"
import {
  type JobChoice,
  maxCreationDelayMs,
  type OpenSubmit,
  getRegistry,
  type SubmitRegistry,
} from "./SubmitRegistry.ts"

/** The result of a search for the job of a submit. */
export interface Reconciled {
  /** The job, if it was recognized for certain. */
  readonly submission: Submission | undefined
  /** Jobs that may be it, the oldest first. Empty if it was found. */
  readonly candidates: ReadonlyArray<JobCandidate>
  /**
   * Whether all jobs since `notBefore` were read, at least a minute after the submit. If not, the job can exist although it
   * wasn't found.
   */
  readonly isComplete: boolean
  /** Why the search isn't complete, as a phrase: `the jobs could not be listed`. */
  readonly incompleteReason?: string | undefined
}

/** Finds the job of a submit whose response was lost, so that it isn't submitted and paid again. */
export class Reconciliation extends Context.Service<
  Reconciliation,
  {
    readonly registry: SubmitRegistry
    /** Lists jobs until the submit's job is found or the deadline is near. Claims the job that it finds. */
    search(submit: OpenSubmit, deadline: Deadline): Effect.Effect<Reconciled>
    /** Lists jobs once. Fails if they can't be listed. */
    searchOnce(submit: OpenSubmit): Effect.Effect<Reconciled, ApiError>
    /**
     * Finds a recent job of the same `requestKey` that hasn't failed, submitted by any process. Fails if some recent jobs can't
     * be read, or if a job of the same key has other inputs.
     */
    findRepeated(
      intent: SubmitIntent,
      requestKey: string,
    ): Effect.Effect<Submission | undefined, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Reconciliation") {
  /** @internal */
  static readonly layer: Layer.Layer<Reconciliation, never, ScenarioHttp | JobListPages | ScenarioConfig> =
    Layer.effect(
      Reconciliation,
      Effect.suspend(() => make),
    )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  const list = yield* JobListPages
  const config = yield* ScenarioConfig
  const registry = getRegistry(config)

  /** Lists the jobs that were created since then, and says why some may be missing. */
  const listJobsSince = Effect.fnUntraced(function* (createdFrom: number) {
    const jobs: Array<Job> = []
    const followed = new Set<string>()
    let incompleteReason: string | undefined
    let paginationToken: string | undefined
    let pagesBefore = 0
    while (jobs.length < maxSearchedJobs && followed.size < maxSearchedPages) {
      const { items, nextToken, isPartial } = yield* list.read(
        { query: { pageSize: maxJobPageSize, paginationToken }, purpose: "submit" },
        readPage("jobs", readJobResponse),
      )
      jobs.push(...items)
      if (isPartial === true) incompleteReason = "some of the listed jobs could not be read"
      // The list may not be ordered by creation, so two pages in succession must end before the date.
      pagesBefore = endsBefore(items, createdFrom) ? pagesBefore + 1 : 0
      const isEnd = nextToken === undefined || followed.has(nextToken)
      if (isEnd || pagesBefore === 2) return { jobs, incompleteReason }
      followed.add(nextToken)
      paginationToken = nextToken
    }
    return { jobs, incompleteReason: "there are too many newer jobs to read them all" }
  })

  /** A list can leave out the inputs that the job itself has. */
  const readSingleJob = (jobId: string) =>
    http
      .callFor(
        {
          method: "GET",
          path: `/jobs/${encodeURIComponent(jobId)}`,
          purpose: "submit",
          jobId,
          isRepeatable: false,
          timeout: "5 seconds",
        },
        readJobResponse,
      )
      .pipe(Effect.retry({ times: 1, while: (error) => error.isRetryable }), Effect.result)

  /** Reads the candidates without inputs one by one. `isComplete` if all could be read. */
  const readLacking = Effect.fnUntraced(function* (
    intent: SubmitIntent,
    candidates: ReadonlyArray<Job>,
    max: number,
  ) {
    const lacking = candidates.filter(({ input }) => !hasEcho(intent, input))
    const read = yield* Effect.forEach(
      lacking.slice(0, max),
      ({ jobId }) => Effect.map(readSingleJob(jobId), (result) => [jobId, result] as const),
      { concurrency: 4 },
    )
    const byId = new Map(
      read.flatMap(([jobId, result]) => (Result.isSuccess(result) ? [[jobId, result.success] as const] : [])),
    )
    return { byId, isComplete: byId.size === lacking.length }
  })

  const searchOnce = Effect.fn("scenario.reconcile.list")(function* (
    submit: OpenSubmit,
    onListed: (reconciled: Reconciled) => void = () => undefined,
  ) {
    const { intent } = submit
    // The window is computed again, because the response of the list can be the first to show Scenario's clock.
    const listed = yield* listJobsSince((yield* getWindow(submit)).createdFrom)
    const context = yield* getWindow(submit)
    // If the date is by the clock of another machine, the job can be outside of the window.
    const isDated = intent.clock === "scenario" || submit.openedAt !== undefined
    const choose = (jobs: ReadonlyArray<Job>) => registry.choose(submit, jobs, context, config.soleSubmitter)
    const toReconciled = ({ job, candidates, hasLookalike }: JobChoice): Reconciled => ({
      submission: job && toSubmission(job, intent),
      candidates: job === undefined ? candidates.map((one) => toCandidate(one, intent)) : [],
      ...toCompleteness(
        listed.incompleteReason ??
          (job === undefined && !isDated ? localClockReason : undefined) ??
          (job === undefined && hasLookalike ? lookalikeReason : undefined),
      ),
    })
    const first = choose(listed.jobs)
    onListed(toReconciled(first))
    const details =
      first.job === undefined
        ? (yield* readLacking(intent, first.candidates, maxReads)).byId
        : new Map<string, Job>()
    const choice =
      details.size === 0 ? first : choose(listed.jobs.map((job) => ({ ...job, ...details.get(job.jobId) })))
    if (choice.job !== undefined) registry.claim(choice.job, intent)
    return toReconciled(choice)
  })

  const findRepeated = Effect.fn("scenario.reconcile.findRepeated")(function* (
    intent: SubmitIntent,
    requestKey: string,
  ) {
    const isUsable = (job: Job) => !["failed", "canceled"].includes(classifyJob(job))
    const earlier = registry.findKnown(intent, requestKey)
    if (earlier !== undefined) {
      if (!earlier.hasSameInputs) return yield* makeOtherRequestError(earlier.jobId)
      const known = yield* readSingleJob(earlier.jobId)
      if (Result.isSuccess(known))
        return isUsable(known.success) ? toSubmission(known.success, intent) : undefined
    }
    if (intent.seed === undefined) return yield* makeUnrecognizableError()
    const createdFrom = (yield* http.serverTime) - repeatWindowMs
    const { jobs, incompleteReason } = yield* listJobsSince(createdFrom)
    const context = { createdFrom, createdUntil: Infinity, trustsSeed: true }
    const recognize = (job: Job) => recognizeJob(intent, job, context)
    const unclear = jobs.filter((job) => isUsable(job) && recognize(job) === "candidate")
    const details = yield* readLacking(intent, unclear, maxRepeatReads)
    const job = jobs
      .map((row) => ({ ...row, ...details.byId.get(row.jobId) }))
      .findLast((one) => recognize(one) === "certain" && isUsable(one))
    if (job !== undefined) {
      return contradictsEcho(intent, job)
        ? yield* makeOtherRequestError(job.jobId)
        : toSubmission(job, intent)
    }
    const reason =
      incompleteReason ?? (details.isComplete ? undefined : "some of the recent jobs could not be read")
    return reason === undefined ? undefined : yield* makeNotRuledOutError(reason)
  })

  /** The dates between which the job was created, on Scenario's clock. */
  const getWindow = Effect.fnUntraced(function* ({ intent, openedAt }: OpenSubmit) {
    const { notBefore, sentAt, clock } = intent
    const startMs = Date.parse(notBefore)
    const lastMs = sentAt === undefined ? Infinity : Date.parse(sentAt) + maxCreationDelayMs
    if (clock === "scenario") {
      return { createdFrom: startMs - clockSlackMs, createdUntil: lastMs, provenFrom: startMs }
    }
    const serverNow = yield* http.serverTime
    if (openedAt !== undefined) {
      // The age of a submit of this process is known, even if the machine's clock was set since.
      const age = (yield* monotonicMillis) - openedAt
      const provenFrom = serverNow - age
      return { createdFrom: provenFrom - clockSlackMs, createdUntil: Infinity, provenFrom }
    }
    // The error of the other machine's clock is unknown. The error of this machine's clock is the best estimate.
    const aheadMs = serverNow - (yield* Clock.currentTimeMillis)
    return {
      createdFrom: startMs - localClockSlackMs,
      createdUntil: lastMs + localClockSlackMs,
      provenFrom: startMs + Math.min(0, aheadMs),
    }
  })

  const search = Effect.fn("scenario.reconcile.search")(function* (submit: OpenSubmit, deadline: Deadline) {
    let found: Reconciled = { submission: undefined, candidates: [], ...toCompleteness(notListedReason) }
    for (let lists = 1; ; lists++) {
      const delay = getBackoffMs(searchBackoff, lists)
      yield* Effect.sleep(Math.max(0, Math.min(delay, deadline - (yield* monotonicMillis))))
      const left = Math.max(minListMs, deadline - (yield* monotonicMillis))
      let partly: Reconciled | undefined
      const listed = yield* searchOnce(submit, (reconciled) => (partly = reconciled)).pipe(
        Effect.timeoutOption(left),
        Effect.result,
      )
      const isOver = (yield* monotonicMillis) >= deadline
      // If a list fails, the result of the one before stays, but isn't complete.
      if (Result.isSuccess(listed) && listed.success._tag === "Some") found = listed.success.value
      else found = { ...(partly ?? found), ...toCompleteness(notListedReason) }
      if (found.submission !== undefined || isOver) return found
    }
  })

  return Reconciliation.of({ registry, search, searchOnce, findRepeated })
})

const searchBackoff: Backoff = { firstMs: 500, maxMs: 5_000 }

/** More than an account can submit in an hour, at 100 requests per minute. */
const maxSearchedJobs = 10_000
/** Candidates that are read one by one. For a `requestKey` more, because none may be missed. */
const maxReads = 20
const maxRepeatReads = 200
/** The minimum time for the last list of a search. Milliseconds. */
const minListMs = 1_000

const maxSearchedPages = 1_000

/** How far back a repeated request is searched. Milliseconds. */
const repeatWindowMs = 86_400_000

/** How wrong the clock of another machine can be. Milliseconds. */
const localClockSlackMs = 86_400_000

const notListedReason = "the jobs could not be listed"
const localClockReason = "the submit's date is by the clock of another machine or process"
const lookalikeReason = "a job like it has another seed, and this model may change the seed that was sent"

const toCompleteness = (incompleteReason: string | undefined) => ({
  isComplete: incompleteReason === undefined,
  incompleteReason,
})

const makeNotRuledOutError = (reason: string): ApiError =>
  new ApiError({
    reason: {
      _tag: "Unreachable",
      detail: `an earlier submit with the same requestKey could not be ruled out, because ${reason}`,
      neverSent: true,
      isWithheld: true,
    },
    request: "GET /jobs",
  })

const makeUnrecognizableError = (): InvalidInput =>
  new InvalidInput({
    issues: [
      {
        path: "requestKey",
        message:
          "requestKey needs a model with a seed that identifies its jobs, and this model has none. Remove requestKey, or use another model.",
      },
    ],
  })

const makeOtherRequestError = (jobId: string): InvalidInput =>
  new InvalidInput({
    issues: [
      {
        path: "requestKey",
        message: `Job ${jobId} was submitted with this key and different inputs. Use another key for this request.`,
      },
    ],
  })

/** Whether a page ends before a date. If it isn't ordered by creation, it says nothing about later pages. */
const endsBefore = (jobs: ReadonlyArray<Job>, date: number): boolean => {
  const dates = jobs.map((job) => Date.parse(job.createdAt ?? "")).filter((time) => !Number.isNaN(time))
  const isDescending = dates.every((time, index) => time <= (dates[index - 1] ?? Infinity))
  return isDescending && (dates.at(-1) ?? Infinity) < date
}

const hasEcho = (intent: SubmitIntent, input: Job["input"]): boolean =>
  input !== undefined && Object.keys(intent.inputs).every((name) => name in input)

const toSubmission = (job: Job, intent: SubmitIntent): Submission => ({
  job: toJobRef(job, getTarget(intent)),
  cost: job.cost,
  inlineResult: undefined,
  asset: undefined,
  snapshot: job,
  seed: intent.seed,
})

const toCandidate = (job: Job, intent: SubmitIntent): JobCandidate => ({
  ...toJobRef(job, getTarget(intent)),
  status: job.status,
  prompt: readPrompt(job.input),
})

const getTarget = (intent: SubmitIntent) => {
  const { modelId, workflowId, endpoint } = readTarget(intent.path)
  const named = endpoint === undefined ? undefined : intent.inputs["modelId"]
  return { modelId: modelId ?? (typeof named === "string" ? named : undefined), workflowId }
}

const readPrompt = (input: Job["input"]): string | undefined => {
  const prompt = input?.["prompt"] ?? input?.["text"]
  return typeof prompt === "string" && prompt !== "" ? prompt.slice(0, 80) : undefined
}
