import { Assets, AssetsMissing, type ApiError, type InvalidInput } from "@scenario-automation/core"
import type { Callback, CallbackAsset, JobResult } from "@scenario-automation/relay-contract"
import { Clock, Context, Duration, Effect, Layer, Metric, Option, Result } from "effect"
import { Accounts } from "../accounts/Accounts.ts"
import { ScenarioPool } from "../accounts/ScenarioPool.ts"
import { SecretBox } from "../secrets/SecretBox.ts"
import { RelaySettings } from "../settings/RelaySettings.ts"
import type { DeliveryStep, LoggedAttempt, StoredWait } from "../storage/StoredWait.ts"
import { untilStored } from "../storage/untilStored.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { toCallback, toProgressCallback } from "./callbackBody.ts"
import { CallbackHttp } from "./CallbackHttp.ts"
import { readCallbackUrl, type ReceiverUrl } from "./callbackUrl.ts"
import { Receivers } from "./Receivers.ts"
import {
  type AttemptOutcome,
  describeOutcome,
  getNextStep,
  isAccepted,
  isReceiverDown,
} from "./retrySchedule.ts"
import { Signatures } from "./Signatures.ts"

/** Posts the callbacks of ended waits, until each is accepted or given up. */
export class Deliveries extends Context.Service<
  Deliveries,
  {
    /** Attempts by the schedule. What has been attempted is stored, so another process can continue. */
    deliver(wait: StoredWait): Effect.Effect<void>
    /** One attempt, now, outside of the schedule. */
    redeliver(wait: StoredWait): Effect.Effect<LoggedAttempt>
    /** One attempt to report progress. */
    reportProgress(wait: StoredWait, jobs: ReadonlyArray<JobResult>): Effect.Effect<void>
  }
>()("@scenario-automation/relay/Deliveries") {
  static readonly layer: Layer.Layer<
    Deliveries,
    never,
    Accounts | ScenarioPool | SecretBox | RelaySettings | WaitStore | CallbackHttp | Receivers | Signatures
  > = Layer.effect(
    Deliveries,
    Effect.suspend(() => make),
  )
}

const callbacks = Metric.counter("relay_callbacks", { description: "Callback attempts, by result" })
const callbackLatency = Metric.histogram("relay_callback_latency_ms", {
  description: "How long receivers take to respond",
  boundaries: [10, 50, 100, 500, 1_000, 5_000, 15_000],
})
const endToCallback = Metric.histogram("relay_end_to_callback_ms", {
  description: "From the moment the relay saw the end to the accepted callback",
  boundaries: [50, 100, 500, 1_000, 5_000, 30_000, 300_000, 3_600_000],
})

interface Posted extends AttemptOutcome {
  readonly latencyMs: number
}

const make = Effect.gen(function* () {
  const store = yield* WaitStore
  const box = yield* SecretBox
  const http = yield* CallbackHttp
  const receivers = yield* Receivers
  const signatures = yield* Signatures
  const accounts = yield* Accounts
  const pool = yield* ScenarioPool
  const { allowedHosts, retryDelays } = yield* RelaySettings
  const scheduleMs = retryDelays.reduce((sum, delay) => sum + Duration.toMillis(delay), 0)

  const readReceiver = (wait: StoredWait): Effect.Effect<ReceiverUrl, string> =>
    Effect.try({
      try: () => readCallbackUrl(box.open(wait.callbackSealed, getCallbackContext(wait)), allowedHosts),
      catch: (cause) => (cause instanceof Error ? cause.message : "the callback URL can't be read"),
    }).pipe(Effect.flatMap((read) => (typeof read === "string" ? Effect.fail(read) : Effect.succeed(read))))

  /** The assets of a wait's jobs, each with a fresh URL. Fails with a phrase if they may be available later. */
  const resolveAssets = (wait: StoredWait) =>
    Effect.scoped(
      Effect.gen(function* () {
        const account = yield* Effect.mapError(accounts.findByOwner(wait.ownerKey), ({ message }) => message)
        if (account === undefined) return new Map<string, ReadonlyArray<CallbackAsset>>()
        const services = yield* Effect.mapError(pool.get(account), ({ message }) => message)
        const assets = Context.get(services, Assets)
        const found = yield* Effect.forEach(
          wait.jobs.filter(({ assetIds }) => assetIds !== undefined && assetIds.length > 0),
          (job) =>
            assets
              .resolve({ job: { jobId: job.jobId }, assetIds: job.assetIds ?? [] }, { timeout: "10 seconds" })
              .pipe(
                Effect.catch((error) => readPartial(error)),
                Effect.map((resolved) => [job.jobId, resolved.map(toCallbackAsset)] as const),
              ),
          { concurrency: 4 },
        )
        return new Map(found)
      }),
    )

  const post = (receiver: ReceiverUrl, clientId: string, messageId: string, callback: Callback) =>
    Effect.gen(function* () {
      const body = JSON.stringify(callback)
      const headers = signatures.sign(clientId, messageId, yield* Clock.currentTimeMillis, body)
      return yield* http.post({ receiver, body, headers }).pipe(
        Effect.map((response): Posted => response),
        Effect.catch(({ reason, latencyMs }) => Effect.succeed<Posted>({ failure: reason, latencyMs })),
        Effect.tap((posted) => noteAttempt(posted)),
      )
    })

  /** One attempt. It never fails: a callback that can't be sent is a failed attempt. */
  const attempt = (wait: StoredWait, receiver: ReceiverUrl): Effect.Effect<Posted> =>
    Effect.gen(function* () {
      const assets = wait.options.includeAssets === true ? yield* resolveAssets(wait) : undefined
      return yield* receivers.run(
        receiver.url.origin,
        post(receiver, wait.clientId, wait.waitId, toCallback(wait, assets)),
        isReceiverDown,
      )
    }).pipe(Effect.catch((failure) => Effect.succeed<Posted>({ failure, latencyMs: 0 })))

  const deliver = Effect.fnUntraced(function* (first: StoredWait) {
    let wait = first
    const giveUpAt = (first.endedAt ?? first.createdAt) + scheduleMs + slackMs
    while (wait.state === "delivering") {
      const due = Math.min(wait.nextAttemptAt ?? 0, giveUpAt)
      yield* Effect.sleep(Math.max(0, due - (yield* Clock.currentTimeMillis)))
      const receiver = yield* Effect.result(readReceiver(wait))
      const left = Math.max(minAttemptMs, giveUpAt - (yield* Clock.currentTimeMillis))
      const posted = Result.isSuccess(receiver)
        ? yield* Effect.timeoutOption(attempt(wait, receiver.success), left)
        : Option.some<Posted>({ failure: receiver.failure, latencyMs: 0 })
      const outcome = Option.getOrElse(posted, () => tooLate)
      const now = yield* Clock.currentTimeMillis
      const canRetry = Option.isSome(posted) && Result.isSuccess(receiver)
      const step = getNextStep(outcome, {
        attempts: wait.attempts + 1,
        now,
        retryDelays: canRetry ? retryDelays : [],
      })
      const isRecorded = yield* untilStored(
        store.recordAttempt(wait, toLogged(outcome, now, "scheduled"), step),
      )
      if (!isRecorded) return
      if (step.disables === true) yield* untilStored(store.disableCallback(wait, now))
      if (step.state === "delivered" && wait.endedAt !== undefined)
        yield* Metric.update(endToCallback, now - wait.endedAt)
      if (step.state === "dead")
        yield* Effect.logWarning("A callback was given up", { waitId: wait.waitId, reason: step.lastError })
      wait = afterStep(wait, step)
    }
  })

  const redeliver = Effect.fn("Deliveries.redeliver")(function* (wait: StoredWait) {
    const receiver = yield* Effect.result(readReceiver(wait))
    const posted = Result.isSuccess(receiver)
      ? yield* attempt(wait, receiver.success).pipe(
          Effect.timeoutOrElse({ duration: redeliverTimeout, orElse: () => Effect.succeed(busy) }),
        )
      : { failure: receiver.failure, latencyMs: 0 }
    const logged = toLogged(posted, yield* Clock.currentTimeMillis, "redelivery")
    yield* untilStored(store.recordRedelivery(wait, logged, isAccepted(posted)))
    return logged
  })

  const reportProgress = Effect.fnUntraced(function* (wait: StoredWait, jobs: ReadonlyArray<JobResult>) {
    const receiver = yield* Effect.result(readReceiver(wait))
    if (Result.isFailure(receiver)) return
    const { origin } = receiver.success.url
    const now = yield* Clock.currentTimeMillis
    if (receivers.getOpenUntil(origin) > now) return
    const messageId = `${wait.waitId}_${now}`
    const callback = toProgressCallback(wait, jobs, now)
    yield* receivers.run(origin, post(receiver.success, wait.clientId, messageId, callback), isReceiverDown)
  })

  return Deliveries.of({ deliver, redeliver, reportProgress })
})

/** Behind an open breaker attempts come later than scheduled; a delivery ends this long after its schedule. Milliseconds. */
const slackMs = 3_600_000
/** The last attempt gets this long at least. Milliseconds. */
const minAttemptMs = 60_000

const redeliverTimeout = "30 seconds"

const afterStep = (wait: StoredWait, { state, nextAttemptAt, lastError }: DeliveryStep): StoredWait => ({
  ...wait,
  state,
  nextAttemptAt,
  lastError,
  attempts: wait.attempts + 1,
})

const tooLate: Posted = { failure: "the receiver stayed unavailable", latencyMs: 0 }
const busy: Posted = { failure: "the receiver is busy or unavailable", latencyMs: 0 }

/** Binds an encrypted callback URL to its wait. */
export const getCallbackContext = ({ waitId }: Pick<StoredWait, "waitId">): string => `callback ${waitId}`

const noteAttempt = (posted: Posted) =>
  Effect.andThen(
    Metric.update(
      Metric.withAttributes(callbacks, { result: isAccepted(posted) ? "accepted" : "failed" }),
      1,
    ),
    Metric.update(callbackLatency, posted.latencyMs),
  )

const toLogged = (posted: Posted, now: number, kind: "scheduled" | "redelivery"): LoggedAttempt => ({
  at: now - posted.latencyMs,
  kind,
  latencyMs: posted.latencyMs,
  ...(posted.status === undefined ? {} : { status: posted.status }),
  ...(isAccepted(posted) ? {} : { error: describeOutcome(posted) }),
})

/** The assets that are available. A phrase if asking again can help. */
const readPartial = (error: AssetsMissing | ApiError | InvalidInput) => {
  if (error.isRetryable) return Effect.fail("Scenario doesn't return the assets now")
  return Effect.succeed(error instanceof AssetsMissing ? error.assets : [])
}

const toCallbackAsset = ({ assetId, url, kind, mimeType }: CallbackAsset): CallbackAsset => ({
  assetId,
  url,
  kind,
  mimeType,
})
