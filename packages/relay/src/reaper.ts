import { Clock, Duration, Effect, Layer } from "effect"
import { RelaySettings } from "./settings/RelaySettings.ts"
import { AccountStore } from "./storage/AccountStore.ts"
import { WaitStore } from "./storage/WaitStore.ts"

const batch = 1_000

/** Deletes what was kept long enough. Every runner may do it at any time: it touches nothing in use. */
const removeOld = Effect.gen(function* () {
  const { retention, accountRetention } = yield* RelaySettings
  const waits = yield* WaitStore
  const accounts = yield* AccountStore
  const now = yield* Clock.currentTimeMillis
  let removed = 0
  let last = batch
  while (last === batch) {
    last = yield* waits.removeEnded(now - Duration.toMillis(retention), batch)
    removed += last
  }
  const unusedSince = now - Duration.toMillis(accountRetention)
  return {
    waits: removed,
    accounts: yield* accounts.removeUnused(unusedSince),
    disabledCallbacks: yield* waits.removeDisabledCallbacks(unusedSince),
  }
})

/** Runs it every hour. */
export const reaper: Layer.Layer<never, never, RelaySettings | WaitStore | AccountStore> =
  Layer.effectDiscard(
    removeOld.pipe(
      Effect.tap((removed) =>
        Object.values(removed).every((count) => count === 0)
          ? Effect.void
          : Effect.logInfo("Deleted what was kept long enough", removed),
      ),
      Effect.catchCause((cause) =>
        Effect.logWarning("Old waits couldn't be deleted; trying again later", cause),
      ),
      Effect.andThen(Effect.sleep("1 hour")),
      Effect.forever,
      Effect.forkScoped,
    ),
  )
