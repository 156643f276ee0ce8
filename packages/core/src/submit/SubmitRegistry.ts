import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import type { Job } from "../api/Job.ts"
import type { ScenarioConfig } from "../ScenarioConfig.ts"
import { clockSlackMs, type Recognition, recognizeJob, type RecognitionContext } from "./recognizeJob.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"

/** A submit whose job isn't known. */
export interface OpenSubmit {
  /** With `sentAt` of its last attempt. */
  intent: SubmitIntent
  /** Equal for submits with the same inputs. */
  readonly fingerprint: string
  /** Its response was lost. */
  isLost: boolean
  /** When this process opened it, in monotonic milliseconds; `undefined` if its intent was stored. */
  readonly openedAt: number | undefined
}

/** A submit of another process, from its stored intent. */
export const toOpenSubmit = (intent: SubmitIntent): OpenSubmit => ({
  intent,
  fingerprint: makeFingerprint(intent),
  isLost: true,
  openedAt: undefined,
})

/** The result of the search for the job of a submit. */
export interface JobChoice {
  /** The job, if it can be adopted. */
  readonly job: Job | undefined
  /** All jobs that may belong to the submit, the oldest first. */
  readonly candidates: ReadonlyArray<Job>
  /** Whether a job differs only by its seed, if it isn't known that jobs of this model keep the seed that was sent. */
  readonly hasLookalike: boolean
}

/** A job is created at most this long after the last attempt of its submit. Milliseconds. */
export const maxCreationDelayMs = 600_000

/**
 * The submits of one account in this process, so that no submit adopts another's job. All clients of the account share it.
 */
export class SubmitRegistry {
  /** Jobs with their owners: the ID of the intent, and the job's date, because a test server may reuse IDs. */
  readonly #claims = new Map<string, { readonly owner: string; readonly createdAt: string | undefined }>()
  readonly #open = new Set<OpenSubmit>()
  /** Known jobs by path and `requestKey` or seed, with the fingerprint of their submit, for repeated requests. */
  readonly #known = new Map<string, { readonly jobId: string; readonly fingerprint: string }>()
  /** By path and `requestKey`, so that repeated requests wait for each other. */
  readonly #turns = new Map<string, { readonly semaphore: Semaphore.Semaphore; users: number }>()
  /** By model, how many jobs kept the seed that was chosen for them, and how many didn't. */
  readonly #seedCounts = new Map<string, { kept: number; changed: number }>()
  /** The author of jobs with this key, once a response has shown it. */
  authorId: string | undefined

  open(intent: SubmitIntent, openedAt: number): OpenSubmit {
    const submit: OpenSubmit = { intent, fingerprint: makeFingerprint(intent), isLost: false, openedAt }
    this.#open.add(submit)
    // An uncertain submit stays open, because its job may be listed late. The number of them is limited.
    dropOldest(this.#open, maxOpenSubmits)
    return submit
  }

  /** Called when the job of a submit is known, or certainly doesn't exist. */
  close(submit: OpenSubmit): void {
    this.#open.delete(submit)
  }

  /** Closes the submit of an intent, which may be another copy of its intent. */
  closeIntent({ id }: Pick<SubmitIntent, "id">): void {
    for (const submit of this.#open) if (submit.intent.id === id) this.#open.delete(submit)
  }

  get openCount(): number {
    return this.#open.size
  }

  /** Assigns a job to a submit, unless another one has it. */
  claim(
    { jobId, createdAt: date }: Pick<Job, "jobId" | "createdAt">,
    { id }: Pick<SubmitIntent, "id">,
  ): void {
    if (!this.#isFree({ jobId, createdAt: date }, id)) return
    this.#claims.set(jobId, { owner: id, createdAt: date })
    dropOldest(this.#claims, maxClaims)
  }

  #isFree({ jobId, createdAt: date }: Pick<Job, "jobId" | "createdAt">, intentId: string): boolean {
    const claim = this.#claims.get(jobId)
    if (claim === undefined || claim.owner === intentId) return true
    return date !== undefined && claim.createdAt !== undefined && date !== claim.createdAt
  }

  /**
   * Chooses the job of a submit among the listed ones. A certain job is adopted. A job that only matches is adopted if the
   * caller is the only submitter, no other job can be the submit's, and no other open submit can claim it. If several submits
   * with the same inputs lost their responses, each gets one of the jobs that match.
   */
  choose(
    submit: OpenSubmit,
    jobs: ReadonlyArray<Job>,
    context: Omit<RecognitionContext, "trustsSeed">,
    soleSubmitter: boolean,
  ): JobChoice {
    const recognized = jobs
      .map((job) => ({ job, as: this.#recognize(submit.intent, job, context) }))
      .filter(({ as }) => as !== "other")
      .toSorted((one, other) => getCreatedMs(one.job) - getCreatedMs(other.job))
    const isFree = ({ job }: { readonly job: Job }) => this.#isFree(job, submit.intent.id)
    const hasLookalike =
      submit.intent.seed !== undefined &&
      !this.#hasKeptSeed(submit.intent) &&
      jobs.some(
        (job) =>
          isFree({ job }) && recognizeJob(submit.intent, job, { ...context, trustsSeed: false }) !== "other",
      )
    const certain = recognized.filter(({ as }) => as === "certain")
    const possible = recognized.filter(isFree)
    const candidates = possible.map(({ job }) => job)
    const isFromBefore = ({ job }: { readonly job: Job }) =>
      getCreatedMs(job) < (context.provenFrom ?? -Infinity)
    const free = certain.filter(isFree)
    const own = free.find((one) => !isFromBefore(one)) ?? free[0] ?? certain[0]
    if (own !== undefined) {
      const certainRivals = this.#findRivals(submit, own.job, context, (as) => as === "certain")
      return {
        job: certainRivals.every(({ isLost }) => isLost) ? own.job : undefined,
        candidates,
        hasLookalike,
      }
    }
    const [match] = possible
    const isClear = soleSubmitter && possible.every(({ as }) => as === "match")
    if (match === undefined || !isClear) return { job: undefined, candidates, hasLookalike }
    const rivals = this.#findRivals(submit, match.job, context, (as) => as !== "other")
    const areAlike = rivals.every((rival) => rival.isLost && rival.fingerprint === submit.fingerprint)
    return {
      job: areAlike && possible.length <= rivals.length + 1 ? match.job : undefined,
      candidates,
      hasLookalike,
    }
  }

  /** Remembers the job of a submit that can be repeated: one with a seed or a `requestKey`. */
  noteJob(intent: SubmitIntent, jobId: string, requestKey?: string): void {
    if (intent.seed === undefined && requestKey === undefined) return
    this.#known.set(getRepeatKey(intent, requestKey), { jobId, fingerprint: makeFingerprint(intent) })
    dropOldest(this.#known, maxClaims)
  }

  /** Finds the job of a submit of this process with the same key or seed, and whether it had the same inputs. */
  findKnown(
    intent: SubmitIntent,
    requestKey: string,
  ): { readonly jobId: string; readonly hasSameInputs: boolean } | undefined {
    const bySeed = intent.seed === undefined ? undefined : this.#known.get(getRepeatKey(intent))
    const known = this.#known.get(getRepeatKey(intent, requestKey)) ?? bySeed
    return known && { jobId: known.jobId, hasSameInputs: known.fingerprint === makeFingerprint(intent) }
  }

  /** Finds an uncertain submit of this process with the same path and seed. */
  findUncertain({ path, seed }: SubmitIntent): OpenSubmit | undefined {
    return [...this.#open].find(
      ({ intent, isLost }) => isLost && intent.path === path && intent.seed === seed && seed !== undefined,
    )
  }

  /** Runs repeated requests one after another, so that the second finds the job of the first. */
  inTurn<A, E, R>(
    intent: SubmitIntent,
    requestKey: string,
    request: Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E, R> {
    const key = getRepeatKey(intent, requestKey)
    return Effect.acquireUseRelease(
      Effect.sync(() => {
        const turn = this.#turns.get(key) ?? { semaphore: Semaphore.makeUnsafe(1), users: 0 }
        turn.users += 1
        this.#turns.set(key, turn)
        return turn
      }),
      ({ semaphore }) => semaphore.withPermits(1)(request),
      (turn) =>
        Effect.sync(() => {
          turn.users -= 1
          if (turn.users === 0) this.#turns.delete(key)
        }),
    )
  }

  /** Counts whether a job kept the seed that was chosen for it. */
  noteSeed(intent: SubmitIntent, echoed: number | undefined): void {
    if (intent.seed === undefined) return
    const model = getModelKey(intent)
    const counts = this.#seedCounts.get(model) ?? { kept: 0, changed: 0 }
    if (echoed === intent.seed) counts.kept += 1
    else counts.changed += 1
    this.#seedCounts.delete(model)
    this.#seedCounts.set(model, counts)
    dropOldest(this.#seedCounts, maxModels)
  }

  /** Whether a seed identifies jobs of this model: not if more jobs changed their seed than kept it. */
  trustsSeed(request: Pick<SubmitIntent, "path" | "inputs">): boolean {
    const counts = this.#seedCounts.get(getModelKey(request))
    return counts === undefined || counts.kept >= counts.changed
  }

  #hasKeptSeed(request: Pick<SubmitIntent, "path" | "inputs">): boolean {
    return (this.#seedCounts.get(getModelKey(request))?.kept ?? 0) > 0
  }

  #recognize(intent: SubmitIntent, job: Job, context: Omit<RecognitionContext, "trustsSeed">): Recognition {
    const known = { ...intent, authorId: intent.authorId ?? this.authorId }
    return recognizeJob(known, job, { ...context, trustsSeed: this.trustsSeed(intent) })
  }

  /** Other open submits that could claim the job. */
  #findRivals(
    submit: OpenSubmit,
    job: Job,
    context: Omit<RecognitionContext, "trustsSeed">,
    isRival: (as: Recognition) => boolean,
  ): ReadonlyArray<OpenSubmit> {
    return [...this.#open].filter((other) => {
      if (other === submit || other.intent.id === submit.intent.id) return false
      const { notBefore, sentAt, clock } = other.intent
      const isOver =
        other.isLost &&
        getCreatedMs(job) > Date.parse(sentAt ?? notBefore) + maxCreationDelayMs + clockSlackMs
      const createdFrom = clock === "scenario" ? Date.parse(notBefore) - clockSlackMs : context.createdFrom
      return !isOver && isRival(this.#recognize(other.intent, job, { ...context, createdFrom }))
    })
  }
}

const getRepeatKey = ({ path, seed }: SubmitIntent, requestKey?: string): string =>
  requestKey === undefined ? `${path} seed ${seed}` : `${path} key ${requestKey}`

const getCreatedMs = (job: Job): number => Date.parse(job.createdAt ?? "")

const maxOpenSubmits = 10_000
/** A claim is needed for minutes. An account can't submit this many jobs in that time. */
const maxClaims = 10_000
const maxModels = 500
const maxAccounts = 100

const dropOldest = <K>(
  collection: { readonly size: number; keys(): Iterator<K>; delete(key: K): boolean },
  max: number,
): void => {
  const oldest = collection.keys().next()
  if (collection.size > max && oldest.done !== true) collection.delete(oldest.value)
}

/** Path and inputs with sorted keys, without the chosen seed. */
const makeFingerprint = ({ method, path, inputs, seed }: SubmitIntent): string => {
  const callers = seed === undefined ? inputs : { ...inputs, seed: undefined }
  return `${method} ${path} ${JSON.stringify(callers, (_, value: unknown) => sortKeys(value))}`
}

const sortKeys = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value

const getModelKey = ({ path, inputs }: Pick<SubmitIntent, "path" | "inputs">): string =>
  `${path} ${typeof inputs["modelId"] === "string" ? inputs["modelId"] : ""}`

const registries = new Map<string, SubmitRegistry>()

/** The registry of an account in this process, by key and base URL. A key belongs to one project. */
export const getRegistry = ({ apiKey, baseUrl }: ScenarioConfig["Service"]): SubmitRegistry => {
  const account = JSON.stringify([Redacted.value(apiKey), baseUrl])
  const registry = registries.get(account) ?? new SubmitRegistry()
  registries.delete(account)
  registries.set(account, registry)
  dropOldest(registries, maxAccounts)
  return registry
}
