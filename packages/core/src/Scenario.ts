import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { checkSettings, withEnvironment } from "./checkSettings.ts"
import { AssetLibrary } from "./account/AssetLibrary.ts"
import { Collections } from "./account/Collections.ts"
import { JobList } from "./account/JobList.ts"
import { Models } from "./account/Models.ts"
import { Uploads } from "./account/Uploads.ts"
import { Usage } from "./account/Usage.ts"
import { Workflows } from "./account/Workflows.ts"
import { Downloads } from "./deliver/Downloads.ts"
import { ApiHttp } from "./http/ApiHttp.ts"
import { CdnHttp } from "./http/CdnHttp.ts"
import { JobListPages } from "./http/JobListPages.ts"
import { PartUploader } from "./http/PartUploader.ts"
import { RequestBudget } from "./http/RequestBudget.ts"
import { ScenarioHttp } from "./http/ScenarioHttp.ts"
import { Assets } from "./resolve/Assets.ts"
import { ScenarioConfig } from "./ScenarioConfig.ts"
import type { ScenarioSettings } from "./ScenarioSettings.ts"
import type { InvalidInput } from "./errors.ts"
import { Ceilings } from "./submit/Ceilings.ts"
import { DryRuns } from "./submit/DryRuns.ts"
import { Generations } from "./submit/Generations.ts"
import { LoraRouting } from "./submit/LoraRouting.ts"
import { Preparation } from "./submit/Preparation.ts"
import { Reconciliation } from "./submit/Reconciliation.ts"
import { DurationHistory } from "./durations/DurationHistory.ts"
import { SubmitProtocol } from "./submit/SubmitProtocol.ts"
import { Jobs } from "./watch/Jobs.ts"
import { JobWatcher } from "./watch/JobWatcher.ts"

const http = JobListPages.layer.pipe(
  Layer.provideMerge(ScenarioHttp.layer.pipe(Layer.provide(RequestBudget.layer))),
)

const account = Layer.mergeAll(
  Models.layer,
  Workflows.layer,
  Collections.layer,
  Usage.layer,
  JobList.layer,
  AssetLibrary.layer,
  Uploads.layer.pipe(Layer.provide(PartUploader.layer)),
)

const watch = Jobs.layer.pipe(Layer.provideMerge(JobWatcher.layer))

const submit = Generations.layer.pipe(
  Layer.provide(SubmitProtocol.layer),
  Layer.provide(Layer.mergeAll(Preparation.layer, Reconciliation.layer, DryRuns.layer)),
)

/**
 * All services of one account. They share one request budget and one watcher, so build the layer once for each account, not
 * for each call.
 */
const layer = Layer.mergeAll(submit, watch, Downloads.layer).pipe(
  Layer.provideMerge(
    Layer.mergeAll(Assets.layer, DurationHistory.layer, LoraRouting.layer, Ceilings.layer).pipe(
      Layer.provideMerge(account),
    ),
  ),
  Layer.provideMerge(http),
)

/** The services that `Scenario.layer` provides. */
export type ScenarioServices =
  | Generations
  | Jobs
  | Assets
  | Downloads
  | Models
  | LoraRouting
  | Workflows
  | Collections
  | Uploads
  | Usage
  | JobList
  | AssetLibrary
  | DurationHistory
  | ScenarioHttp

export const Scenario: {
  /** All services of one account. It needs the account's settings, and HTTP clients for the API and the CDN. */
  readonly layer: Layer.Layer<ScenarioServices, never, ScenarioConfig | ApiHttp | CdnHttp>
  /**
   * All services over the given `fetch`, or the platform's. Settings that are left out are read from the environment, as
   * `ScenarioConfig.fromEnv` does. Each call creates a new layer: keep one for each account.
   *
   * @example
   * ```ts
   * const account = Scenario.layerFetch({ requestsPerMinute: 50 })
   * yield* Effect.provide(resume("job_1"), account)
   * ```
   */
  readonly layerFetch: (
    settings?: Partial<ScenarioSettings>,
    fetch?: typeof globalThis.fetch,
  ) => Layer.Layer<ScenarioServices, InvalidInput>
} = {
  layer,
  layerFetch: (settings, fetch) => {
    const config = Effect.suspend(() => Effect.fromResult(checkSettings(withEnvironment({ ...settings }))))
    return layer.pipe(
      Layer.provide([
        Layer.effect(ScenarioConfig, config),
        ApiHttp.layerFetch(fetch),
        CdnHttp.layerFetch(fetch),
      ]),
    )
  },
}
