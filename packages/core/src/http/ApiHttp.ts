import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import { fetchTransport } from "./fetchTransport.ts"
import type { HttpTransport } from "./HttpTransport.ts"

/**
 * The transport to Scenario's API. It must return a 3xx instead of following it: following could repeat a submit, or
 * send a credential to another origin.
 */
export class ApiHttp extends Context.Service<ApiHttp, HttpTransport>()("@scenario-automation/core/ApiHttp") {
  /** Over the given `fetch`, or the platform's. */
  static readonly layerFetch = (fetch?: typeof globalThis.fetch): Layer.Layer<ApiHttp> =>
    Layer.sync(ApiHttp, () => fetchTransport(fetch))
}
