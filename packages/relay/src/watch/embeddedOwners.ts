import { Effect, Exit, Layer, Scope, Semaphore } from "effect"
import { untilStored } from "../storage/untilStored.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { type AccountOwner, AccountOwners, getSizes } from "./AccountOwner.ts"
import { Owners } from "./Owners.ts"

interface OpenOwner {
  readonly owner: AccountOwner
  readonly scope: Scope.Closeable
}

/** One process follows every account. */
export const embeddedOwners: Layer.Layer<Owners, never, AccountOwners | WaitStore> = Layer.effect(
  Owners,
  Effect.gen(function* () {
    const store = yield* WaitStore
    const owners = yield* AccountOwners
    const parent = yield* Effect.scope
    const open = new Map<string, OpenOwner>()
    // Between finding an owner and using it, it must not be closed.
    const lock = yield* Semaphore.make(1)

    const enter = Effect.fnUntraced(function* (ownerKey: string) {
      const known = open.get(ownerKey)
      if (known !== undefined) return known.owner
      const scope = yield* Scope.fork(parent)
      const owner = yield* Effect.provideService(owners.make(ownerKey), Scope.Scope, scope)
      open.set(ownerKey, { owner, scope })
      return owner
    })

    const closeIdle = lock.withPermit(
      Effect.gen(function* () {
        for (const [ownerKey, { owner, scope }] of open) {
          if ((yield* owner.getSize) > 0) continue
          open.delete(ownerKey)
          yield* Scope.close(scope, Exit.void)
        }
      }),
    )

    for (const ownerKey of yield* untilStored(store.listOwners)) {
      yield* Effect.flatMap(enter(ownerKey), ({ followAll }) => followAll)
    }
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep("1 minute"), closeIdle)))

    return Owners.of({
      onStored: (wait) => lock.withPermit(Effect.flatMap(enter(wait.ownerKey), ({ follow }) => follow(wait))),
      onCanceled: (wait) =>
        Effect.suspend(() => open.get(wait.ownerKey)?.owner.forget(wait.waitId) ?? Effect.void),
      getSizes: Effect.suspend(() =>
        getSizes([...open].map(([ownerKey, { owner }]) => [ownerKey, owner] as const)),
      ),
      isReady: Effect.succeed(true),
    })
  }),
)
