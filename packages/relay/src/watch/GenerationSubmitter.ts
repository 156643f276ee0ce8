import {
  type GenerationRequest,
  Generations,
  type JobRef,
  type ScenarioConfig,
  type ScenarioServices,
  type Submission,
  type SubmitError,
  type SubmitIntent,
} from "@scenario-automation/core"
import type { WaitProblem } from "@scenario-automation/relay-contract"
import { Clock, Context, Data, Effect, Layer, Schedule } from "effect"
import { SecretBox } from "../secrets/SecretBox.ts"
import type { StoredJob, StoredWait, WaitEnd } from "../storage/StoredWait.ts"
import { untilStored } from "../storage/untilStored.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { toProblem } from "./jobResults.ts"

/** The wait with its job, how it has ended without one, or `undefined` if it isn't this process's wait any more. */
type Submitted = StoredWait | Omit<WaitEnd, "endedAt"> | undefined

/**
 * Submits the generation of a wait at most once. Its intent is stored before the request leaves; a process that finds a stored
 * intent searches for its job and never submits.
 */
export class GenerationSubmitter extends Context.Service<
  GenerationSubmitter,
  {
    submit(
      wait: StoredWait,
      services: Context.Context<ScenarioServices | ScenarioConfig>,
    ): Effect.Effect<Submitted>
  }
>()("@scenario-automation/relay/GenerationSubmitter") {
  static readonly layer: Layer.Layer<GenerationSubmitter, never, WaitStore | SecretBox> = Layer.effect(
    GenerationSubmitter,
    Effect.suspend(() => make),
  )
}

/** Another process has stored the intent, or the wait was canceled. Nothing was sent. */
class NotOurs extends Data.TaggedError("NotOurs") {}

const make = Effect.gen(function* () {
  const store = yield* WaitStore
  const box = yield* SecretBox

  const keepJob = (wait: StoredWait, submission: Submission): Effect.Effect<Submitted> => {
    const jobs = [toStoredJob(submission)]
    return Effect.map(untilStored(store.storeSubmitted(wait, jobs)), (isStored) =>
      isStored
        ? { ...wait, state: "waiting", jobs, generationSealed: undefined, intentSealed: undefined }
        : undefined,
    )
  }

  const submitOnce = (
    wait: StoredWait,
    generations: Generations["Service"],
    sealed: string,
    leftMs: number,
  ) =>
    Effect.gen(function* () {
      const request = readRequest(box.open(sealed, getGenerationContext(wait)))
      const { maxCost } = wait.options
      let kept: Submitted
      yield* generations.submit(request, {
        ...(maxCost === undefined ? {} : { maxCost }),
        queueTimeout: leftMs,
        totalTimeout: leftMs,
        onSending: (intent) =>
          Effect.flatMap(
            untilStored(store.storeIntent(wait, box.seal(JSON.stringify(intent), getIntentContext(wait)))),
            (isStored) => (isStored ? Effect.void : Effect.fail(new NotOurs())),
          ),
        // Called even if this fiber was interrupted while the request was under way.
        onSubmitted: (submission) =>
          Effect.map(keepJob(wait, submission), (submitted) => {
            kept = submitted
          }),
      })
      return kept
    })

  /** The process that stored the intent was stopped before the job was known. */
  const reconcile = (wait: StoredWait, generations: Generations["Service"], sealed: string) =>
    Effect.gen(function* () {
      const intent = readIntent(box.open(sealed, getIntentContext(wait)))
      const { submission, candidates } = yield* generations.reconcile(intent, { timeout: "90 seconds" }).pipe(
        Effect.tapError((error) =>
          Effect.logWarning("A submit can't be reconciled yet; trying again", {
            waitId: wait.waitId,
            reason: error.message,
          }),
        ),
        Effect.retry({ while: (error) => error.isRetryable, schedule: reconcilePauses }),
      )
      if (submission !== undefined) return yield* keepJob(wait, submission)
      return toUncertainEnd(describeStopped(candidates), candidates)
    }).pipe(Effect.catch((error) => Effect.succeed(toUncertainEnd(toProblem(error), []))))

  return GenerationSubmitter.of({
    submit: (wait, services) =>
      Effect.gen(function* () {
        const generations = Context.get(services, Generations)
        if (wait.intentSealed !== undefined) return yield* reconcile(wait, generations, wait.intentSealed)
        const leftMs = wait.expiresAt - (yield* Clock.currentTimeMillis)
        if (wait.generationSealed === undefined || leftMs <= 0) return expired
        return yield* submitOnce(wait, generations, wait.generationSealed, leftMs).pipe(
          Effect.catch((error) => Effect.succeed(toEnd(error))),
        )
      }),
  })
})

const reconcilePauses = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])

/** Binds encrypted columns to their wait. */
export const getGenerationContext = ({ waitId }: Pick<StoredWait, "waitId">): string => `generation ${waitId}`
export const getIntentContext = ({ waitId }: Pick<StoredWait, "waitId">): string => `intent ${waitId}`

/** Both are JSON that this program has stored; core checks them again. */
const readRequest = (json: string): GenerationRequest => JSON.parse(json)
const readIntent = (json: string): SubmitIntent => JSON.parse(json)

const toStoredJob = ({ job, cost }: Submission): StoredJob => ({
  ...job,
  ...(cost === undefined ? {} : { cost }),
})

const toEnd = (error: SubmitError): Submitted => {
  if (error._tag === "CallbackFailed" && error.cause instanceof NotOurs) return undefined
  if (error._tag === "SubmitUncertain") return toUncertainEnd(toProblem(error), error.candidates)
  return { jobs: [], outcome: "failed", problem: toProblem(error) }
}

const expired: Submitted = {
  jobs: [],
  outcome: "expired",
  problem: {
    code: "NotSubmitted",
    message: "The wait expired before the generation could be submitted. Nothing was paid. Submit it again.",
    isRetryable: true,
  },
}

const toUncertainEnd = (
  problem: WaitProblem,
  candidates: ReadonlyArray<Pick<JobRef, "jobId">>,
): Submitted => ({
  jobs: [],
  outcome: "uncertain",
  problem:
    candidates.length === 0 ? problem : { ...problem, candidateJobIds: candidates.map(({ jobId }) => jobId) },
})

/** The problem of a submit during which the relay was stopped. */
const describeStopped = (candidates: ReadonlyArray<Pick<JobRef, "jobId">>): WaitProblem => ({
  code: "SubmitUncertain",
  message:
    candidates.length === 0
      ? "The relay was stopped while it submitted the generation, and Scenario lists no job of it. Check the account's jobs before you submit it again, because a second submit would be charged too."
      : `The relay was stopped while it submitted the generation. It may be ${candidates.map(({ jobId }) => jobId).join(" or ")}: wait for the right one by its ID instead of submitting again, because a second submit would be charged too.`,
  isRetryable: false,
})
