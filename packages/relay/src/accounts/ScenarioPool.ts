import {
  CdnHttp,
  type InvalidInput,
  Scenario,
  ScenarioConfig,
  type ScenarioServices,
} from "@scenario-automation/core"
import { Context, Effect, Layer, RcMap, type Scope } from "effect"
import type { UsableAccount } from "./UsableAccount.ts"
import { RequestCounts } from "./RequestCounts.ts"

/** The services of core, one set for each account in use: one poll loop and one request budget. */
export class ScenarioPool extends Context.Service<
  ScenarioPool,
  {
    /** Kept for a minute after its last user's scope was closed. */
    get(
      account: UsableAccount,
    ): Effect.Effect<Context.Context<ScenarioServices | ScenarioConfig>, InvalidInput, Scope.Scope>
  }
>()("@scenario-automation/relay/ScenarioPool") {
  static readonly layer: Layer.Layer<ScenarioPool, never, RequestCounts> = Layer.effect(
    ScenarioPool,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const counts = yield* RequestCounts
  const settings = new Map<string, UsableAccount["settings"]>()

  const services = yield* RcMap.make({
    lookup: (ownerKey: string) =>
      Effect.suspend(() => {
        const config = settings.get(ownerKey)
        if (config === undefined) return Effect.die(new Error("the account was not announced"))
        const transports = Layer.merge(counts.countRequests(ownerKey), CdnHttp.layerFetch())
        return Layer.build(
          Scenario.layer.pipe(
            Layer.provide(transports),
            Layer.provideMerge(ScenarioConfig.layer({ ...config })),
          ),
        )
      }),
    idleTimeToLive: "1 minute",
  })

  return ScenarioPool.of({
    get: (account) =>
      Effect.suspend(() => {
        settings.set(account.ownerKey, account.settings)
        return RcMap.get(services, account.ownerKey)
      }),
  })
})
