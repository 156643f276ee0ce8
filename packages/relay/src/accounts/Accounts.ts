import { ApiError, JobList, type ScenarioSettings } from "@scenario-automation/core"
import { AccountRefused, type AccountRegistration } from "@scenario-automation/relay-contract"
import { Clock, Context, Effect, Layer, Redacted, Schema } from "effect"
import type { SqlError } from "effect/sql"
import { digest } from "../secrets/digest.ts"
import { SecretBox, SecretUnreadable } from "../secrets/SecretBox.ts"
import { type ClientSettings, RelaySettings } from "../settings/RelaySettings.ts"
import { AccountStore, type StoredAccount } from "../storage/AccountStore.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { ScenarioPool } from "./ScenarioPool.ts"
import type { UsableAccount } from "./UsableAccount.ts"

type Found = Effect.Effect<UsableAccount | undefined, SqlError.SqlError | SecretUnreadable>

/** The accounts of the configuration, and those that clients have registered. */
export class Accounts extends Context.Service<
  Accounts,
  {
    find(client: ClientSettings, accountId: string): Found
    findByOwner(ownerKey: string): Found
    /** Idempotent. `AccountRefused` if Scenario rejects the credentials. */
    register(
      client: ClientSettings,
      accountId: string,
      registration: AccountRegistration,
    ): Effect.Effect<void, AccountRefused | SqlError.SqlError>
    /** Cancels the account's waits. Idempotent. */
    remove(client: ClientSettings, accountId: string): Effect.Effect<void, SqlError.SqlError>
    /** Encrypts with the current key what was encrypted with an older one. */
    readonly replaceOldKeys: Effect.Effect<number, SqlError.SqlError | SecretUnreadable>
  }
>()("@scenario-automation/relay/Accounts") {
  static readonly layer: Layer.Layer<
    Accounts,
    never,
    AccountStore | WaitStore | SecretBox | RelaySettings | ScenarioPool
  > = Layer.effect(
    Accounts,
    Effect.suspend(() => make),
  )
}

const Credentials = Schema.Struct({
  apiKey: Schema.String,
  apiSecret: Schema.String,
  projectId: Schema.optionalKey(Schema.String),
})
const readCredentials = Schema.decodeUnknownSync(Schema.fromJsonString(Credentials))

const make = Effect.gen(function* () {
  const store = yield* AccountStore
  const waits = yield* WaitStore
  const box = yield* SecretBox
  const pool = yield* ScenarioPool
  const { accounts, scenarioBaseUrl } = yield* RelaySettings

  const configured = new Map(
    accounts.map(({ id, ...credentials }) => [id, toUsable({ ...credentials, baseUrl: scenarioBaseUrl })]),
  )

  const unseal = (account: StoredAccount) =>
    Effect.try({
      try: () => readCredentials(box.open(account.credentialsSealed, getContext(account))),
      catch: toUnreadable,
    })

  /** By their encrypted credentials, which differ each time that they are stored. */
  const opened = new Map<string, UsableAccount>()

  const open = (account: StoredAccount | undefined) => {
    if (account === undefined) return Effect.succeed(undefined)
    const { clientId, accountId, credentialsSealed } = account
    const key = JSON.stringify([clientId, accountId, credentialsSealed])
    const known = opened.get(key)
    if (known !== undefined) return Effect.succeed(known)
    return Effect.map(unseal(account), (credentials) => {
      const usable = toUsable({ ...credentials, baseUrl: scenarioBaseUrl })
      if (opened.size >= maxOpened) opened.clear()
      opened.set(key, usable)
      return usable
    })
  }

  const seal = (clientId: string, accountId: string, credentials: typeof Credentials.Type) =>
    box.seal(JSON.stringify(credentials), getContext({ clientId, accountId }))

  const verify = (account: UsableAccount) =>
    Effect.scoped(
      Effect.flatMap(pool.get(account), (services) =>
        JobList.use((jobs) => jobs.page({ pageSize: 1 })).pipe(Effect.provideContext(services)),
      ),
    ).pipe(
      Effect.timeoutOption("5 seconds"),
      Effect.catch((error) =>
        // An outage says nothing about the key.
        error instanceof ApiError && !refusals.has(error.reason._tag)
          ? Effect.void
          : Effect.fail(new AccountRefused({ message: error.message })),
      ),
    )

  return Accounts.of({
    find: (client, accountId) =>
      Effect.suspend(() => {
        const isListed = client.accounts.includes("*") || client.accounts.includes(accountId)
        const known = isListed ? configured.get(accountId) : undefined
        return known === undefined
          ? Effect.flatMap(store.find(client.id, accountId), open)
          : Effect.succeed(known)
      }),

    findByOwner: (ownerKey) =>
      Effect.suspend(() => {
        const known = [...configured.values()].find((one) => one.ownerKey === ownerKey)
        return known === undefined ? Effect.flatMap(store.findByOwner(ownerKey), open) : Effect.succeed(known)
      }),

    register: Effect.fn("Accounts.register")(function* (client, accountId, registration) {
      const account = toUsable({ ...registration, baseUrl: scenarioBaseUrl })
      const now = yield* Clock.currentTimeMillis
      const known = yield* store.find(client.id, accountId)
      if (known?.ownerKey === account.ownerKey) return yield* store.noteUse(client.id, accountId, now)
      yield* verify(account)
      yield* store.put(
        {
          clientId: client.id,
          accountId,
          ownerKey: account.ownerKey,
          credentialsSealed: seal(client.id, accountId, registration),
        },
        now,
      )
      if (known !== undefined) yield* waits.moveToOwner(client.id, accountId, account.ownerKey)
    }),

    remove: Effect.fn("Accounts.remove")(function* (client, accountId) {
      if ((yield* store.find(client.id, accountId)) === undefined) return
      yield* waits.cancelAccount(client.id, accountId, yield* Clock.currentTimeMillis)
      yield* store.remove(client.id, accountId)
    }),

    replaceOldKeys: Effect.gen(function* () {
      const old = yield* store.listSealedOtherwise(box.currentPrefix)
      const now = yield* Clock.currentTimeMillis
      for (const account of old) {
        const credentialsSealed = seal(account.clientId, account.accountId, yield* unseal(account))
        yield* store.put({ ...account, credentialsSealed }, now)
      }
      return old.length
    }),
  })
})

const maxOpened = 1_000

const refusals: ReadonlySet<string> = new Set(["Unauthorized", "Forbidden"])

const getContext = ({ clientId, accountId }: Pick<StoredAccount, "clientId" | "accountId">): string =>
  `account ${clientId} ${accountId}`

const toUnreadable = (cause: unknown): SecretUnreadable =>
  cause instanceof SecretUnreadable ? cause : new SecretUnreadable({ reason: String(cause) })

const toUsable = (settings: ScenarioSettings): UsableAccount => ({
  ownerKey: getOwnerKey(settings),
  settings,
})

const getOwnerKey = ({ apiKey, apiSecret, projectId, baseUrl }: ScenarioSettings): string => {
  const reveal = (secret: Redacted.Redacted | string) =>
    typeof secret === "string" ? secret : Redacted.value(secret)
  return digest([reveal(apiKey), reveal(apiSecret), projectId ?? "", baseUrl?.toString() ?? ""])
}
