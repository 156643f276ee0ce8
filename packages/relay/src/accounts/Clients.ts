import { Clock, Context, Effect, Layer } from "effect"
import type { SqlError } from "effect/sql"
import { matchesToken } from "../secrets/tokens.ts"
import { type ClientSettings, RelaySettings } from "../settings/RelaySettings.ts"
import { WaitStore } from "../storage/WaitStore.ts"

/** The programs that may call the relay, and what they have used of their limits. */
export class Clients extends Context.Service<
  Clients,
  {
    /** All clients are compared, whichever matches. */
    readonly findByToken: (token: string) => ClientSettings | undefined
    readonly get: (clientId: string) => ClientSettings | undefined
    /** Counts a request. Milliseconds until the next one is allowed; 0: this one is. */
    readonly countRequest: (client: ClientSettings) => Effect.Effect<number>
    /** Whether the client may have another unfinished wait. */
    readonly hasRoom: (client: ClientSettings) => Effect.Effect<boolean, SqlError.SqlError>
  }
>()("@scenario-automation/relay/Clients") {
  static readonly layer: Layer.Layer<Clients, never, RelaySettings | WaitStore> = Layer.effect(
    Clients,
    Effect.suspend(() => make),
  )
}

/** A token bucket of a tenth of a minute: short bursts pass. */
interface Bucket {
  tokens: number
  at: number
}

/** The count of unfinished waits, and what this process has added since. */
interface Count {
  pending: number
  readAt: number
}

const recountMs = 1_000

const make = Effect.gen(function* () {
  const { clients } = yield* RelaySettings
  const store = yield* WaitStore
  const byId = new Map(clients.map((client) => [client.id, client]))
  const buckets = new Map<string, Bucket>()
  const counts = new Map<string, Count>()

  return Clients.of({
    get: (clientId) => byId.get(clientId),

    findByToken: (token) => {
      let found: ClientSettings | undefined
      for (const client of clients) if (matchesToken(token, client.tokenHashes)) found ??= client
      return found
    },

    countRequest: ({ id, maxRequestsPerMinute }) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const size = Math.max(1, maxRequestsPerMinute / 10)
        const perMs = maxRequestsPerMinute / 60_000
        const bucket = buckets.get(id) ?? { tokens: size, at: now }
        buckets.set(id, bucket)
        bucket.tokens = Math.min(size, bucket.tokens + Math.max(0, now - bucket.at) * perMs)
        bucket.at = now
        if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perMs)
        bucket.tokens -= 1
        return 0
      }),

    hasRoom: Effect.fnUntraced(function* ({ id, maxPendingWaits }) {
      const now = yield* Clock.currentTimeMillis
      const known = counts.get(id)
      const isFresh = known !== undefined && now - known.readAt < recountMs
      // Requests that come while it counts don't count too.
      if (known !== undefined && !isFresh) known.readAt = now
      const count = isFresh ? known : { pending: yield* store.countActive(id), readAt: now }
      counts.set(id, count)
      if (count.pending >= maxPendingWaits) return false
      count.pending += 1
      return true
    }),
  })
})
