import {
  type Attempt,
  type GenerationRegistration,
  RelayUnavailable,
  TooManyWaits,
  UnknownAccount,
  UnknownWait,
  type Wait,
  WaitConflict,
  type WaitDetails,
  type WaitPage,
  WaitRefused,
  type WaitRegistration,
  type WaitState,
} from "@scenario-automation/relay-contract"
import { Clock, Context, Duration, Effect, Layer } from "effect"
import { Accounts } from "../accounts/Accounts.ts"
import { Clients } from "../accounts/Clients.ts"
import { toJobResult } from "../delivery/callbackBody.ts"
import { readCallbackUrl } from "../delivery/callbackUrl.ts"
import { Deliveries, getCallbackContext } from "../delivery/Deliveries.ts"
import { digest } from "../secrets/digest.ts"
import { SecretBox } from "../secrets/SecretBox.ts"
import { type ClientSettings, RelaySettings } from "../settings/RelaySettings.ts"
import type { LoggedAttempt, StoredWait } from "../storage/StoredWait.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { getGenerationContext } from "../watch/GenerationSubmitter.ts"
import { Owners } from "../watch/Owners.ts"
import { unavailable } from "./unavailable.ts"

type RegisterError = UnknownAccount | WaitRefused | WaitConflict | TooManyWaits | RelayUnavailable

interface ListQuery {
  readonly state?: WaitState
  readonly accountId?: string
  readonly createdAfter?: string
  readonly createdBefore?: string
  readonly pageSize?: number
  readonly cursor?: string
}

/** What clients can do with their waits. */
export class WaitApi extends Context.Service<
  WaitApi,
  {
    register(client: ClientSettings, registration: WaitRegistration): Effect.Effect<Wait, RegisterError>
    submit(client: ClientSettings, registration: GenerationRegistration): Effect.Effect<Wait, RegisterError>
    /** Without a client: of all of them. */
    list(
      client: ClientSettings | undefined,
      query: ListQuery,
    ): Effect.Effect<WaitPage, WaitRefused | RelayUnavailable>
    get(client: ClientSettings, waitId: string): Effect.Effect<WaitDetails, UnknownWait | RelayUnavailable>
    cancel(
      client: ClientSettings,
      waitId: string,
    ): Effect.Effect<Wait, UnknownWait | WaitConflict | RelayUnavailable>
    redeliver(
      client: ClientSettings | undefined,
      waitId: string,
    ): Effect.Effect<Attempt, UnknownWait | WaitConflict | RelayUnavailable>
  }
>()("@scenario-automation/relay/WaitApi") {
  static readonly layer: Layer.Layer<
    WaitApi,
    never,
    Accounts | Clients | Deliveries | Owners | RelaySettings | SecretBox | WaitStore
  > = Layer.effect(
    WaitApi,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const settings = yield* RelaySettings
  const accounts = yield* Accounts
  const clients = yield* Clients
  const store = yield* WaitStore
  const box = yield* SecretBox
  const owners = yield* Owners
  const deliveries = yield* Deliveries

  const readExpiry = (text: string | undefined, now: number): Effect.Effect<number, WaitRefused> => {
    if (text === undefined) return Effect.succeed(now + Duration.toMillis(settings.defaultWaitDuration))
    const expiresAt = Date.parse(text)
    const maxMs = Duration.toMillis(settings.maxWaitDuration)
    const isUsable = expiresAt > now && expiresAt <= now + maxMs
    return isUsable
      ? Effect.succeed(expiresAt)
      : Effect.fail(
          new WaitRefused({
            message: `expiresAt isn't an ISO date within the next ${Duration.toHours(settings.maxWaitDuration)} hours.`,
          }),
        )
  }

  /** Stores a wait, or returns the one that is stored under its ID. */
  const storeWait = Effect.fnUntraced(function* (
    client: ClientSettings,
    registration: WaitRegistration | GenerationRegistration,
    identity: ReadonlyArray<unknown>,
    rest: (waitId: string) => Pick<StoredWait, "state" | "jobs" | "generationSealed">,
  ) {
    const { accountId, callbackUrl, include, progress, metadata } = registration
    const now = yield* Clock.currentTimeMillis
    const receiver = readCallbackUrl(callbackUrl, settings.allowedHosts)
    if (typeof receiver === "string") return yield* new WaitRefused({ message: receiver })
    const expiresAt = yield* readExpiry(registration.expiresAt, now)
    const account = yield* accounts.find(client, accountId).pipe(
      Effect.tapError((error) => Effect.logError("An account can't be read", error.message)),
      Effect.catchTag("SecretUnreadable", unreadable),
    )
    if (account === undefined) {
      return yield* new UnknownAccount({
        message: `This client has no account ${accountId}. Register it, then try again.`,
      })
    }
    const waitId = `wait_${digest([client.id, ...identity])}`
    const { expiresAt: _, ...fields } = registration
    const requestHash = registration.idempotencyKey === undefined ? waitId : digest(fields)
    const callbackHash = digest([callbackUrl])
    const { existing, isDisabled } = yield* store.findBefore({ waitId, clientId: client.id, callbackHash })
    if (existing !== undefined) return yield* checkSame(existing, requestHash)
    if (isDisabled) {
      return yield* new WaitRefused({
        message: "The receiver asked not to be called at this callbackUrl again. Use another one.",
      })
    }
    if (!(yield* clients.hasRoom(client))) {
      return yield* new TooManyWaits({
        message: `This client has ${client.maxPendingWaits} unfinished waits, its limit. Try again when some have ended.`,
        limit: client.maxPendingWaits,
      })
    }
    const wait: StoredWait = {
      waitId,
      clientId: client.id,
      accountId,
      ownerKey: account.ownerKey,
      requestHash,
      callbackSealed: box.seal(callbackUrl, getCallbackContext({ waitId })),
      callbackHash,
      options: {
        ...(include?.includes("assets") === true ? { includeAssets: true } : {}),
        ...(progress === true ? { progress } : {}),
        ...(metadata === undefined ? {} : { metadata }),
        ...("maxCost" in registration ? { maxCost: registration.maxCost } : {}),
      },
      createdAt: now,
      expiresAt,
      attempts: 0,
      ...rest(waitId),
    }
    const stored = yield* checkSame(yield* store.insert(wait), requestHash)
    yield* owners.onStored(stored)
    return stored
  })

  const getOwn = (client: ClientSettings | undefined, waitId: string) =>
    Effect.flatMap(store.get(waitId), (wait) =>
      wait === undefined || (client !== undefined && wait.clientId !== client.id)
        ? Effect.fail(new UnknownWait({ message: `This client has no wait ${waitId}.` }))
        : Effect.succeed(wait),
    )

  return WaitApi.of({
    register: (client, registration) =>
      Effect.map(
        storeWait(client, registration, toIdentity(registration), () => ({
          state: "waiting",
          jobs: registration.jobIds.map((jobId) => ({ jobId })),
        })),
        toWait,
      ).pipe(Effect.catchTag("SqlError", unavailable)),

    submit: (client, registration) =>
      Effect.map(
        storeWait(
          client,
          registration,
          ["generation", registration.accountId, registration.idempotencyKey],
          (waitId) => ({
            state: "submitting",
            jobs: [],
            generationSealed: box.seal(
              JSON.stringify(registration.generation),
              getGenerationContext({ waitId }),
            ),
          }),
        ),
        toWait,
      ).pipe(Effect.catchTag("SqlError", unavailable)),

    list: (client, query) =>
      Effect.gen(function* () {
        const pageSize = query.pageSize ?? 50
        const before = query.cursor === undefined ? undefined : readCursor(query.cursor)
        const createdAfter = readDate(query.createdAfter)
        const createdBefore = readDate(query.createdBefore)
        if (before === null || Number.isNaN(createdAfter) || Number.isNaN(createdBefore))
          return yield* new WaitRefused({ message: "The cursor or a date can't be read. Leave it out." })
        const waits = yield* store.list({
          clientId: client?.id,
          accountId: query.accountId,
          state: query.state,
          createdAfter,
          createdBefore,
          before,
          limit: pageSize,
        })
        const last = waits.at(-1)
        return {
          waits: waits.map(toWait),
          ...(last === undefined || waits.length < pageSize ? {} : { nextCursor: toCursor(last) }),
        }
      }).pipe(Effect.catchTag("SqlError", unavailable)),

    get: (client, waitId) =>
      Effect.gen(function* () {
        const wait = yield* getOwn(client, waitId)
        const attempts = yield* store.listAttempts(waitId)
        return { ...toWait(wait), attempts: attempts.map(toAttempt) }
      }).pipe(Effect.catchTag("SqlError", unavailable)),

    cancel: (client, waitId) =>
      Effect.gen(function* () {
        const wait = yield* getOwn(client, waitId)
        const isCanceled = yield* store.cancel(waitId, yield* Clock.currentTimeMillis)
        if (isCanceled) yield* owners.onCanceled(wait)
        const now = yield* getOwn(client, waitId)
        if (now.state === "canceled") return toWait(now)
        return yield* new WaitConflict({
          message: `Wait ${waitId} is ${now.state}: it can't be canceled any more.`,
        })
      }).pipe(Effect.catchTag("SqlError", unavailable)),

    redeliver: (client, waitId) =>
      Effect.gen(function* () {
        const wait = yield* getOwn(client, waitId)
        if (wait.outcome === undefined) {
          return yield* new WaitConflict({
            message: `Wait ${waitId} is ${wait.state}: it has no callback yet.`,
          })
        }
        return toAttempt(yield* deliveries.redeliver(wait))
      }).pipe(Effect.catchTag("SqlError", unavailable)),
  })
})

/** Two registrations that are the same in all of this are one wait. */
const toIdentity = (registration: WaitRegistration): ReadonlyArray<unknown> => {
  const { accountId, jobIds, callbackUrl, include, progress, metadata, idempotencyKey } = registration
  return idempotencyKey === undefined
    ? ["wait", accountId, jobIds, callbackUrl, include ?? [], progress ?? false, metadata ?? ""]
    : ["key", accountId, idempotencyKey]
}

const checkSame = (stored: StoredWait, requestHash: string): Effect.Effect<StoredWait, WaitConflict> =>
  stored.requestHash === requestHash
    ? Effect.succeed(stored)
    : Effect.fail(
        new WaitConflict({
          message: `The idempotency key belongs to wait ${stored.waitId}, which has other fields. Use another key.`,
        }),
      )

const unreadable = () =>
  Effect.fail(
    new RelayUnavailable({
      message: "The relay can't decrypt this account. Ask its operator to check its log.",
    }),
  )

/** As clients see a wait. */
const toWait = (wait: StoredWait): Wait => ({
  waitId: wait.waitId,
  accountId: wait.accountId,
  state: wait.state,
  jobs: wait.jobs.map(toJobResult),
  createdAt: toIso(wait.createdAt),
  expiresAt: toIso(wait.expiresAt),
  ...(wait.endedAt === undefined ? {} : { endedAt: toIso(wait.endedAt) }),
  ...(wait.outcome === undefined ? {} : { outcome: wait.outcome }),
  ...(wait.problem === undefined ? {} : { problem: wait.problem }),
  ...(wait.options.metadata === undefined ? {} : { metadata: wait.options.metadata }),
  delivery: {
    attempts: wait.attempts,
    ...(wait.nextAttemptAt === undefined ? {} : { nextAttemptAt: toIso(wait.nextAttemptAt) }),
    ...(wait.lastError === undefined ? {} : { lastError: wait.lastError }),
  },
})

const toAttempt = ({ at, ...attempt }: LoggedAttempt): Attempt => ({ ...attempt, at: toIso(at) })

const toIso = (time: number): string => new Date(time).toISOString()

/** `undefined` if absent, `NaN` if it isn't a date. */
const readDate = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text)

const toCursor = ({ createdAt, waitId }: StoredWait): string => `${createdAt}.${waitId}`

/** `null` if it isn't a cursor. */
const readCursor = (cursor: string) => {
  const [, createdAt, waitId] = /^(\d{1,15})\.(wait_[\w-]+)$/.exec(cursor) ?? []
  return createdAt === undefined || waitId === undefined ? null : { createdAt: Number(createdAt), waitId }
}
