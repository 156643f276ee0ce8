import { Jobs, type ScenarioConfig, type ScenarioServices, type WaitOptions } from "@scenario-automation/core"
import {
  Cause,
  Clock,
  Context,
  Duration,
  Effect,
  FiberMap,
  Layer,
  Metric,
  Queue,
  Schedule,
  Scope,
  Semaphore,
} from "effect"
import { Accounts } from "../accounts/Accounts.ts"
import { ScenarioPool } from "../accounts/ScenarioPool.ts"
import { Deliveries } from "../delivery/Deliveries.ts"
import type { StoredJob, StoredWait, WaitEnd } from "../storage/StoredWait.ts"
import { untilStored } from "../storage/untilStored.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { combineOutcomes, type JobEnd, toFailedEnd, toFinishedEnd, toUpdateResult } from "./jobResults.ts"
import { GenerationSubmitter } from "./GenerationSubmitter.ts"

type AccountContext = Context.Context<ScenarioServices | ScenarioConfig>

/** Follows all waits of one account, from submit to delivery. At most one runs for an account in the whole cluster. */
export interface AccountOwner {
  /** Begins to follow a stored wait, unless it does already. */
  readonly follow: (wait: StoredWait) => Effect.Effect<void>
  readonly isFollowing: (waitId: string) => boolean
  /** Stops to follow a canceled wait. */
  readonly forget: (waitId: string) => Effect.Effect<void>
  /** Follows every stored wait that it doesn't follow yet. */
  readonly followAll: Effect.Effect<void>
  readonly getSize: Effect.Effect<number>
}

/** Makes the owner of an account. It stops when its scope closes; the waits stay stored. */
export class AccountOwners extends Context.Service<
  AccountOwners,
  { readonly make: (ownerKey: string) => Effect.Effect<AccountOwner, never, Scope.Scope> }
>()("@scenario-automation/relay/AccountOwners") {
  static readonly layer: Layer.Layer<
    AccountOwners,
    never,
    Accounts | ScenarioPool | Deliveries | WaitStore | GenerationSubmitter
  > = Layer.effect(
    AccountOwners,
    Effect.suspend(() => make),
  )
}

const endedWaits = Metric.counter("relay_waits_ended", { description: "Waits that have ended, by outcome" })

/** How many stored waits are read at once. */
const pageSize = 500

const make = Effect.gen(function* () {
  const accounts = yield* Accounts
  const pool = yield* ScenarioPool
  const store = yield* WaitStore
  const deliveries = yield* Deliveries
  const submitter = yield* GenerationSubmitter

  /** The account's services; `undefined` if it was removed. */
  const openAccount = (ownerKey: string) =>
    Effect.gen(function* () {
      const account = yield* accounts.findByOwner(ownerKey)
      return account === undefined ? undefined : yield* pool.get(account)
    }).pipe(
      Effect.tapError((error) => Effect.logError("An account can't be opened; trying again", error.message)),
      Effect.retry({ schedule: retryPauses }),
      Effect.orDie,
    )

  const end = Effect.fnUntraced(function* (wait: StoredWait, ended: Omit<WaitEnd, "endedAt">) {
    const endedAt = yield* Clock.currentTimeMillis
    if (!(yield* untilStored(store.end(wait, { ...ended, endedAt })))) return undefined
    yield* Metric.update(Metric.withAttributes(endedWaits, { outcome: ended.outcome }), 1)
    return { ...wait, ...ended, endedAt, nextAttemptAt: endedAt, state: "delivering" } satisfies StoredWait
  })

  const awaitJobs = Effect.fnUntraced(function* (wait: StoredWait, services: AccountContext) {
    const jobs = Context.get(services, Jobs)
    const timeout = Math.max(0, wait.expiresAt - (yield* Clock.currentTimeMillis))
    const awaitJob = (job: StoredJob, options?: WaitOptions): Effect.Effect<JobEnd> =>
      jobs.waitFor(toJobRef(job), { timeout, ...options }).pipe(
        Effect.map((finished) => toFinishedEnd(job, finished)),
        Effect.catch((error) => Effect.succeed(toFailedEnd(job, error))),
      )
    const [only] = wait.jobs
    // Most waits have one job and no listener: ten thousand of them cost little memory.
    const ends =
      wait.options.progress === true
        ? yield* awaitWithProgress(wait, awaitJob)
        : wait.jobs.length === 1 && only !== undefined
          ? [yield* awaitJob(only)]
          : yield* Effect.forEach(wait.jobs, (job) => awaitJob(job), { concurrency: "unbounded" })
    return yield* end(wait, { jobs: ends.map(({ result }) => result), outcome: combineOutcomes(ends) })
  })

  /** Posts the latest progress while the jobs run; a slow receiver misses updates and delays nothing. */
  const awaitWithProgress = (
    wait: StoredWait,
    awaitJob: (job: StoredJob, options: WaitOptions) => Effect.Effect<JobEnd>,
  ) =>
    Effect.scoped(
      Effect.gen(function* () {
        const changes = yield* Queue.sliding<void>(1)
        const latest = new Map(wait.jobs.map((job) => [job.jobId, { jobId: job.jobId }]))
        const report = Effect.andThen(
          Queue.take(changes),
          Effect.suspend(() => deliveries.reportProgress(wait, [...latest.values()])),
        )
        yield* Effect.forkScoped(Effect.forever(Effect.andThen(report, Effect.sleep(minProgressPause))))
        return yield* Effect.forEach(
          wait.jobs,
          (job) =>
            awaitJob(job, {
              onUpdate: (update) =>
                Effect.suspend(() => {
                  if (update._tag === "JobSucceeded") return Effect.void
                  latest.set(job.jobId, toUpdateResult(update))
                  return Effect.asVoid(Queue.offer(changes, undefined))
                }),
            }),
          { concurrency: "unbounded" },
        )
      }),
    )

  const advance = Effect.fnUntraced(function* (
    stored: StoredWait,
    open: Effect.Effect<AccountContext | undefined>,
  ) {
    let wait: StoredWait | undefined = stored
    if (wait.state === "submitting" || wait.state === "waiting") {
      const services = yield* open
      if (services === undefined) wait = yield* end(wait, accountRemoved(wait))
      else {
        if (wait.state === "submitting") {
          const submitted: StoredWait | Omit<WaitEnd, "endedAt"> | undefined = yield* submitter.submit(
            wait,
            services,
          )
          if (submitted === undefined) return
          wait = "waitId" in submitted ? submitted : yield* end(wait, submitted)
        }
        if (wait?.state === "waiting") wait = yield* awaitJobs(wait, services)
      }
    }
    if (wait?.state === "delivering") yield* deliveries.deliver(wait)
  })

  const makeOwner = Effect.fnUntraced(function* (ownerKey: string) {
    const fibers = yield* FiberMap.make<string>()
    const scope = yield* Effect.scope
    const opening = yield* Semaphore.make(1)
    let opened: AccountContext | undefined
    const open = opening.withPermit(
      Effect.suspend(() =>
        opened === undefined
          ? Effect.tap(Effect.provideService(openAccount(ownerKey), Scope.Scope, scope), (services) =>
              Effect.sync(() => {
                opened = services
              }),
            )
          : Effect.succeed(opened),
      ),
    )

    /** A bug in one wait is logged and tried again later; the others continue. */
    const run = (wait: StoredWait): Effect.Effect<void> =>
      Effect.catchCause(advance(wait, open), (cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.failCause(cause)
          : Effect.logError("A bug stopped a wait; trying it again", { waitId: wait.waitId }, cause).pipe(
              Effect.andThen(Effect.sleep(bugPause)),
              Effect.andThen(untilStored(store.get(wait.waitId))),
              Effect.flatMap((again) => (again === undefined ? Effect.void : run(again))),
            ),
      )

    const start = (wait: StoredWait) =>
      wait.ownerKey === ownerKey && !FiberMap.hasUnsafe(fibers, wait.waitId)
        ? FiberMap.run(fibers, wait.waitId, run(wait), { onlyIfMissing: true })
        : Effect.void

    return {
      follow: (wait) => Effect.asVoid(start(wait)),
      isFollowing: (waitId) => FiberMap.hasUnsafe(fibers, waitId),
      forget: (waitId) => FiberMap.remove(fibers, waitId),
      followAll: Effect.gen(function* () {
        let after = ""
        while (true) {
          const page = yield* untilStored(store.listActive(ownerKey, after, pageSize))
          for (const wait of page) yield* start(wait)
          const last = page.at(-1)
          if (last === undefined || page.length < pageSize) return
          after = last.waitId
        }
      }),
      getSize: FiberMap.size(fibers),
    } satisfies AccountOwner
  })

  return AccountOwners.of({ make: makeOwner })
})

/** How many waits each owner follows. */
export const getSizes = (
  owners: Iterable<readonly [ownerKey: string, owner: AccountOwner]>,
): Effect.Effect<ReadonlyMap<string, number>> =>
  Effect.map(
    Effect.forEach(owners, ([ownerKey, owner]) =>
      Effect.map(owner.getSize, (size) => [ownerKey, size] as const),
    ),
    (sizes) => new Map(sizes),
  )

const retryPauses = Schedule.min([Schedule.exponential("500 millis"), Schedule.spaced("30 seconds")])
const minProgressPause = Duration.seconds(1)
const bugPause = Duration.seconds(30)

const toJobRef = ({ jobId, submittedAt, modelId, workflowId }: StoredJob) => ({
  jobId,
  submittedAt,
  modelId,
  workflowId,
})

const accountRemoved = (wait: StoredWait): Omit<WaitEnd, "endedAt"> => ({
  jobs: wait.jobs,
  outcome: "failed",
  problem: {
    code: "AccountRemoved",
    message: "The account was removed from the relay. Register it, then create the wait again.",
    isRetryable: false,
  },
})
