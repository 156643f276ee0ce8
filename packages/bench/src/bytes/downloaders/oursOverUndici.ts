import { ApiHttp, CdnHttp, type HttpTransport, Scenario, ScenarioConfig } from "@scenario-automation/core"
import { saveAll } from "@scenario-automation/core/node"
import { Effect, Layer, Redacted } from "effect"
import { request } from "undici"
import { createAssets } from "../createAssets.ts"
import type { Download } from "../Download.ts"

/** The Effect API with a transport to the CDN over undici's own `request`, instead of the platform's `fetch`. */
export const download = ({ urls, folder }: Download): Promise<unknown> =>
  saveAll(createAssets(urls), folder).pipe(Effect.provide(library), Effect.runPromise)

const overUndici: HttpTransport = async ({ url, method, headers, body = null }, signal) => {
  const response = await request(url, { method, headers, body, signal })
  return {
    status: response.statusCode,
    headers: Object.entries(response.headers).map(([name, value = ""]) => [name, String(value)]),
    body: response.body,
    text: () => response.body.text(),
  }
}

const library = Scenario.layer.pipe(
  Layer.provide([
    ScenarioConfig.layer({ apiKey: Redacted.make("key"), apiSecret: Redacted.make("secret") }),
    ApiHttp.layerFetch(),
    Layer.succeed(CdnHttp, overUndici),
  ]),
)
