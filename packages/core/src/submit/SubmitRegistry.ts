import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import type { Job } from "../api/Job.ts"
import type { ScenarioConfig } from "../ScenarioConfig.ts"
import { clockSlackMs, type Recognition, recognizeJob, type RecognitionContext } from "./recognizeJob.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"

/** A submit of this process whose job is not known. */
export interface OpenSubmit {
  /** With `sentAt` as of its last attempt. */
  intent: SubmitIntent
  /** Its inputs in one spelling: submits that are alike have the same. */
  readonly fingerprint: string
  /** Its response was lost: it waits for none. */
  isLost: boolean
  /** When it was opened in this process, monotonic milliseconds; `undefined` for one that was stored. */
  readonly openedAt: number | undefined
}

/** A submit of another time or process. */
export const storedSubmit = (intent: SubmitIntent): OpenSubmit => ({
  intent,
  fingerprint: fingerprint(intent),
  isLost: true,
  openedAt: undefined,
})

/** What the search for one submit's job has come to. */
export interface JobChoice {
  /** The job, if it can be adopted. */
  readonly job: Job | undefined
  /** Every job that may be the submit's, the oldest first. */
  readonly candidates: ReadonlyArray<Job>
  /** Whether a job differs by its seed only, for a model that has not been seen to echo the seed that was sent. */
  readonly hasLookalike: boolean
}

/** A job that is created for a submit is created within this time of its last attempt. Milliseconds. */
export const maxCreationDelayMs = 600_000

/**
 * What the submits of one account in this process know of each other, so that none takes another's job for its own.
 * Shared by every client of the account, however many there are.
 */
export class SubmitRegistry {
  /** Jobs that have an owner: the id of its intent, and the job's date, since a test server may use an id again. */
  readonly #claims = new Map<string, { readonly owner: string; readonly createdAt: string | undefined }>()
  readonly #open = new Set<OpenSubmit>()
  /** Answered jobs by path and `requestKey` or seed, with the fingerprint of their submit: what a repeated request resumes. */
  readonly #answered = new Map<string, { readonly jobId: string; readonly fingerprint: string }>()
  /** Repeated requests wait for each other, by path and `requestKey`. */
  readonly #turns = new Map<string, { readonly semaphore: Semaphore.Semaphore; users: number }>()
  /** Of answered submits by model: how many echoed the seed that was chosen for them, and how many did not. */
  readonly #seedEchoes = new Map<string, { kept: number; broken: number }>()
  /** The author of jobs made with this key, once an answered submit has shown it. */
  authorId: string | undefined

  open(intent: SubmitIntent, openedAt: number): OpenSubmit {
    const submit: OpenSubmit = { intent, fingerprint: fingerprint(intent), isLost: false, openedAt }
    this.#open.add(submit)
    // A submit that ended in doubt stays, because a job that is listed late may be its; but not for all time.
    forgetOldest(this.#open, maxOpenSubmits)
    return submit
  }

  /** Its job is known, or certainly doesn't exist. */
  close(submit: OpenSubmit): void {
    this.#open.delete(submit)
  }

  /** The same for an intent that may be another copy of an open submit's. */
  closeIntent({ id }: Pick<SubmitIntent, "id">): void {
    for (const submit of this.#open) if (submit.intent.id === id) this.#open.delete(submit)
  }

  get openCount(): number {
    return this.#open.size
  }

  /** Gives a job to a submit, unless another one has it. */
  claim(
    { jobId, createdAt: date }: Pick<Job, "jobId" | "createdAt">,
    { id }: Pick<SubmitIntent, "id">,
  ): void {
    if (!this.#isFree({ jobId, createdAt: date }, id)) return
    this.#claims.set(jobId, { owner: id, createdAt: date })
    forgetOldest(this.#claims, maxClaims)
  }

  #isFree({ jobId, createdAt: date }: Pick<Job, "jobId" | "createdAt">, intentId: string): boolean {
    const claim = this.#claims.get(jobId)
    if (claim === undefined || claim.owner === intentId) return true
    return date !== undefined && claim.createdAt !== undefined && date !== claim.createdAt
  }

  /**
   * The job of a submit among those that were listed. A certain one is adopted. One that merely matches is adopted only if
   * the caller says that it is the only submitter, nothing else could be the job, and no other open submit could claim it.
   * Submits that are alike and all lost share out the jobs that match.
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
      .toSorted((one, other) => createdAt(one.job) - createdAt(other.job))
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
      createdAt(job) < (context.provenFrom ?? -Infinity)
    const free = certain.filter(isFree)
    const own = free.find((one) => !isFromBefore(one)) ?? free[0] ?? certain[0]
    if (own !== undefined) {
      const mayBeRivals = this.#rivals(submit, own.job, context, (as) => as === "certain")
      return {
        job: mayBeRivals.every(({ isLost }) => isLost) ? own.job : undefined,
        candidates,
        hasLookalike,
      }
    }
    const [match] = possible
    const isClear = soleSubmitter && possible.every(({ as }) => as === "match")
    if (match === undefined || !isClear) return { job: undefined, candidates, hasLookalike }
    const rivals = this.#rivals(submit, match.job, context, (as) => as !== "other")
    const areAlike = rivals.every((rival) => rival.isLost && rival.fingerprint === submit.fingerprint)
    return {
      job: areAlike && possible.length <= rivals.length + 1 ? match.job : undefined,
      candidates,
      hasLookalike,
    }
  }

  /** Remembers the job of an answered submit that can be repeated: one with a seed or a `requestKey`. */
  noteAnswer(intent: SubmitIntent, jobId: string, requestKey?: string): void {
    if (intent.seed === undefined && requestKey === undefined) return
    this.#answered.set(repeatKey(intent, requestKey), { jobId, fingerprint: fingerprint(intent) })
    forgetOldest(this.#answered, maxClaims)
  }

  /** The job of an answered submit of this process with the same key or seed, and whether it had the same inputs. */
  findAnswered(
    intent: SubmitIntent,
    requestKey: string,
  ): { readonly jobId: string; readonly isAlike: boolean } | undefined {
    const bySeed = intent.seed === undefined ? undefined : this.#answered.get(repeatKey(intent))
    const answered = this.#answered.get(repeatKey(intent, requestKey)) ?? bySeed
    return answered && { jobId: answered.jobId, isAlike: answered.fingerprint === fingerprint(intent) }
  }

  /** A submit of this process with the same path and seed that ended in doubt. */
  findDoubtful({ path, seed }: SubmitIntent): OpenSubmit | undefined {
    return [...this.#open].find(
      ({ intent, isLost }) => isLost && intent.path === path && intent.seed === seed && seed !== undefined,
    )
  }

  /** Runs repeated requests one after the other, so that the second finds the first one's job. */
  inTurn<A, E, R>(
    intent: SubmitIntent,
    requestKey: string,
    request: Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E, R> {
    const key = repeatKey(intent, requestKey)
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

  /** Counts whether an answered submit echoes the seed that was chosen for it. */
  noteEcho(intent: SubmitIntent, echoed: number | undefined): void {
    if (intent.seed === undefined) return
    const model = modelKey(intent)
    const counts = this.#seedEchoes.get(model) ?? { kept: 0, broken: 0 }
    if (echoed === intent.seed) counts.kept += 1
    else counts.broken += 1
    this.#seedEchoes.delete(model)
    this.#seedEchoes.set(model, counts)
    forgetOldest(this.#seedEchoes, maxModels)
  }

  /** Whether a seed identifies jobs of this model: not if more answered submits broke its echo than kept it. */
  trustsSeed(request: Pick<SubmitIntent, "path" | "inputs">): boolean {
    const counts = this.#seedEchoes.get(modelKey(request))
    return counts === undefined || counts.kept >= counts.broken
  }

  #hasKeptSeed(request: Pick<SubmitIntent, "path" | "inputs">): boolean {
    return (this.#seedEchoes.get(modelKey(request))?.kept ?? 0) > 0
  }

  #recognize(intent: SubmitIntent, job: Job, context: Omit<RecognitionContext, "trustsSeed">): Recognition {
    const known = { ...intent, authorId: intent.authorId ?? this.authorId }
    return recognizeJob(known, job, { ...context, trustsSeed: this.trustsSeed(intent) })
  }

  /** Other open submits that could claim the job. */
  #rivals(
    submit: OpenSubmit,
    job: Job,
    context: Omit<RecognitionContext, "trustsSeed">,
    isRival: (as: Recognition) => boolean,
  ): ReadonlyArray<OpenSubmit> {
    return [...this.#open].filter((other) => {
      if (other === submit || other.intent.id === submit.intent.id) return false
      const { notBefore, sentAt, clock } = other.intent
      const isOver =
        other.isLost && createdAt(job) > Date.parse(sentAt ?? notBefore) + maxCreationDelayMs + clockSlackMs
      const createdFrom = clock === "scenario" ? Date.parse(notBefore) - clockSlackMs : context.createdFrom
      return !isOver && isRival(this.#recognize(other.intent, job, { ...context, createdFrom }))
    })
  }
}

const repeatKey = ({ path, seed }: SubmitIntent, requestKey?: string): string =>
  requestKey === undefined ? `${path} seed ${seed}` : `${path} key ${requestKey}`

const createdAt = (job: Job): number => Date.parse(job.createdAt ?? "")

const maxOpenSubmits = 10_000
/** A job is listed in the window of a lost submit for minutes; ten thousand submits take longer than that. */
const maxClaims = 10_000
const maxModels = 500
const maxAccounts = 100

const forgetOldest = <K>(
  collection: { readonly size: number; keys(): Iterator<K>; delete(key: K): boolean },
  max: number,
): void => {
  const oldest = collection.keys().next()
  if (collection.size > max && oldest.done !== true) collection.delete(oldest.value)
}

/** Path and inputs with their keys in order, without the seed that was chosen for it. */
const fingerprint = ({ method, path, inputs, seed }: SubmitIntent): string => {
  const callers = seed === undefined ? inputs : { ...inputs, seed: undefined }
  return `${method} ${path} ${JSON.stringify(callers, (_, value: unknown) => inKeyOrder(value))}`
}

const inKeyOrder = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value

const modelKey = ({ path, inputs }: Pick<SubmitIntent, "path" | "inputs">): string =>
  `${path} ${typeof inputs["modelId"] === "string" ? inputs["modelId"] : ""}`

const registries = new Map<string, SubmitRegistry>()

/** The registry of an account: one for each key and base URL in this process. A key belongs to one project. */
export const registryFor = ({ apiKey, baseUrl }: ScenarioConfig["Service"]): SubmitRegistry => {
  const account = JSON.stringify([Redacted.value(apiKey), baseUrl])
  const registry = registries.get(account) ?? new SubmitRegistry()
  registries.delete(account)
  registries.set(account, registry)
  forgetOldest(registries, maxAccounts)
  return registry
}
