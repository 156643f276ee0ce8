import { layerUndici } from "@effect/platform-node/NodeHttpClient"
import { ApiHttp, CdnHttp, Scenario, ScenarioConfig } from "@scenario-automation/core"
import { saveAll } from "@scenario-automation/core/node"
import { Effect, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { createAssets } from "../createAssets.ts"
import type { Download } from "../Download.ts"

/** The Effect front with Effect's undici transport to the CDN, instead of the platform's `fetch`. */
export const download = ({ urls, folder }: Download): Promise<unknown> =>
  saveAll(createAssets(urls), folder).pipe(Effect.provide(library), Effect.runPromise)

const library = Scenario.layer.pipe(
  Layer.provide([
    ScenarioConfig.layer({ apiKey: Redacted.make("key"), apiSecret: Redacted.make("secret") }),
    ApiHttp.layerFetch(),
    Layer.effect(CdnHttp, HttpClient.HttpClient).pipe(Layer.provide(layerUndici)),
  ]),
)
