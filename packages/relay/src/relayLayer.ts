import { Layer } from "effect"
import { Accounts } from "./accounts/Accounts.ts"
import { Clients } from "./accounts/Clients.ts"
import { RequestCounts } from "./accounts/RequestCounts.ts"
import { ScenarioPool } from "./accounts/ScenarioPool.ts"
import { CallbackHttp } from "./delivery/CallbackHttp.ts"
import { Deliveries } from "./delivery/Deliveries.ts"
import { Receivers } from "./delivery/Receivers.ts"
import { Signatures } from "./delivery/Signatures.ts"
import { WaitApi } from "./http/WaitApi.ts"
import { reaper } from "./reaper.ts"
import { replaceOldKeys } from "./secrets/replaceOldKeys.ts"
import { SecretBox } from "./secrets/SecretBox.ts"
import { RelaySettings, type RelaySettingsShape } from "./settings/RelaySettings.ts"
import { AccountStore } from "./storage/AccountStore.ts"
import { GroupCommit } from "./storage/GroupCommit.ts"
import { migrate } from "./storage/migrations.ts"
import { postgresLayer } from "./storage/postgres.ts"
import { sqliteLayer } from "./storage/sqlite.ts"
import { WaitStore } from "./storage/WaitStore.ts"
import { AccountOwners } from "./watch/AccountOwner.ts"
import { clusteredOwners, clusterLayer } from "./watch/clusteredOwners.ts"
import { embeddedOwners } from "./watch/embeddedOwners.ts"
import { GenerationSubmitter } from "./watch/GenerationSubmitter.ts"

const stores = Layer.mergeAll(WaitStore.layer, AccountStore.layer)

/** Everything but the HTTP server. */
export const makeRelay = (settings: RelaySettingsShape) => {
  const { database } = settings
  const withCommits =
    database._tag === "Sqlite"
      ? Layer.provideMerge(GroupCommit.shared, sqliteLayer(database.file))
      : Layer.provideMerge(GroupCommit.separate, postgresLayer(database.url))
  const storage = stores.pipe(
    Layer.provideMerge(Layer.effectDiscard(migrate)),
    Layer.provideMerge(withCommits),
  )
  const base = Layer.mergeAll(
    SecretBox.layer(settings.encryptionKeys),
    RequestCounts.layer,
    Receivers.layer,
    storage,
  ).pipe(Layer.provideMerge(Layer.succeed(RelaySettings, settings)))
  const accounts = Accounts.layer.pipe(
    Layer.provideMerge(ScenarioPool.layer),
    Layer.merge(Clients.layer),
    Layer.provideMerge(base),
  )
  const deliveries = Deliveries.layer.pipe(
    Layer.provide([CallbackHttp.layer, Signatures.layer]),
    Layer.provideMerge(accounts),
  )
  const accountOwners = AccountOwners.layer.pipe(Layer.provide(GenerationSubmitter.layer))
  const engine =
    database._tag === "Sqlite"
      ? embeddedOwners
      : clusteredOwners.pipe(Layer.provide(clusterLayer(database.runner)))
  const owners = engine.pipe(Layer.provide(accountOwners), Layer.provideMerge(deliveries))
  return Layer.mergeAll(WaitApi.layer, reaper, replaceOldKeys).pipe(Layer.provideMerge(owners))
}
