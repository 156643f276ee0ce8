import { NodeClusterSocket } from "@effect/platform-node"
import { Array as Arr, Clock, Effect, Layer, Option } from "effect"
import {
  Entity,
  EntityId,
  MessageStorage,
  RunnerAddress,
  Sharding,
  ShardingConfig,
  SqlRunnerStorage,
} from "effect/cluster"
import { Rpc } from "effect/rpc"
import type { RunnerSettings } from "../settings/RelaySettings.ts"
import { activeStates } from "../storage/migrations.ts"
import type { StoredWait } from "../storage/StoredWait.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { type AccountOwner, AccountOwners, getSizes } from "./AccountOwner.ts"
import { Owners } from "./Owners.ts"

/**
 * One account in the cluster. The engine decides which runner has it, and stops it when the runner loses it. Its messages aren't
 * stored: the waits are, in their own table, so the engine writes nothing for a wait.
 */
const AccountEntity = Entity.make("Account", [Rpc.make("Run")])

/** How long an account without waits is kept by its runner. */
const idlePause = "30 seconds"
/** How soon a runner sees waits that another one has stored, and accounts that it was given. */
const sweepPause = "1 second"
/** Clocks of runners differ by less, and transactions take less. Milliseconds. */
const overlapMs = 10_000

/** How many stored waits are read at once. */
const pageSize = 500

/** Every runner follows the accounts that the cluster gives it. */
export const clusteredOwners = Layer.effect(
  Owners,
  Effect.gen(function* () {
    const store = yield* WaitStore
    const owners = yield* AccountOwners
    const sharding = yield* Sharding.Sharding
    const scope = yield* Effect.scope
    const open = new Map<string, AccountOwner>()

    const isOurs = (ownerKey: string): boolean =>
      sharding.hasShardId(sharding.getShardId(EntityId.make(ownerKey), "default"))

    yield* sharding.registerEntity(
      AccountEntity,
      Effect.gen(function* () {
        const { entityId } = yield* Entity.CurrentAddress
        const owner = yield* owners.make(entityId)
        yield* Effect.acquireRelease(
          Effect.sync(() => open.set(entityId, owner)),
          () => Effect.sync(() => open.delete(entityId)),
        )
        const untilIdle = Effect.gen(function* () {
          do yield* Effect.sleep(idlePause)
          while ((yield* owner.getSize) > 0)
        })
        return AccountEntity.of({ Run: () => Effect.andThen(owner.followAll, untilIdle) })
      }),
      { concurrency: "unbounded", maxIdleTime: "5 seconds" },
    )
    const client = yield* sharding.makeClient(AccountEntity)

    const followNew = Effect.fnUntraced(function* (since: number) {
      const unknown = (yield* store.listNew(since)).filter(({ waitId, ownerKey }) => {
        const owner = open.get(ownerKey)
        return owner !== undefined && !owner.isFollowing(waitId)
      })
      for (const page of Arr.chunksOf(unknown, pageSize)) {
        for (const wait of yield* store.listByIds(page.map(({ waitId }) => waitId)))
          if (isActive(wait.state)) yield* open.get(wait.ownerKey)?.follow(wait) ?? Effect.void
      }
    })

    /** Accounts that have a `Run` in progress, which keeps the engine from closing them. */
    const running = new Set<string>()
    const keepRunning = (ownerKey: string) =>
      Effect.suspend(() => {
        running.add(ownerKey)
        return client(ownerKey).Run(undefined)
      }).pipe(
        Effect.ignore,
        Effect.ensuring(Effect.sync(() => running.delete(ownerKey))),
        Effect.forkIn(scope),
      )

    let since = 0
    let hasSwept = false
    const sweep = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      for (const ownerKey of yield* store.listOwners)
        if (isOurs(ownerKey) && !running.has(ownerKey)) yield* keepRunning(ownerKey)
      yield* followNew(since - overlapMs)
      since = now
      hasSwept = true
    }).pipe(
      Effect.catchCause((cause) => Effect.logWarning("The waits can't be read; trying again", cause)),
      Effect.andThen(Effect.sleep(sweepPause)),
    )
    yield* Effect.forkScoped(Effect.forever(sweep))

    return Owners.of({
      onStored: (wait) => Effect.suspend(() => open.get(wait.ownerKey)?.follow(wait) ?? Effect.void),
      onCanceled: (wait) => Effect.suspend(() => open.get(wait.ownerKey)?.forget(wait.waitId) ?? Effect.void),
      getSizes: Effect.suspend(() => getSizes(open)),
      isReady: Effect.map(sharding.isShutdown, (isShutdown) => hasSwept && !isShutdown),
    })
  }),
)

const isActive = (state: StoredWait["state"]): boolean => activeStates.some((active) => active === state)

/** The cluster of all runners on one database. With these settings a dead runner's accounts move within ten seconds. */
export const clusterLayer = ({ host, port }: RunnerSettings) =>
  NodeClusterSocket.layer({
    storage: "byo",
    shardingConfig: {
      runnerAddress: Option.some(RunnerAddress.make(host, port)),
      runnerListenAddress: Option.some(RunnerAddress.make("0.0.0.0", port)),
      shardLockExpiration: "9 seconds",
      refreshAssignmentsInterval: "1 second",
      runnerHealthCheckInterval: "3 seconds",
      // An account is stopped by interruption: nothing is gained by waiting for its Run.
      entityTerminationTimeout: "100 millis",
    },
  }).pipe(
    Layer.provide(MessageStorage.layerNoop),
    Layer.provide(
      SqlRunnerStorage.layerWith({ prefix: "relay_cluster" }).pipe(
        Layer.provide(ShardingConfig.layer({ shardLockExpiration: "9 seconds" })),
        Layer.orDie,
      ),
    ),
  )
