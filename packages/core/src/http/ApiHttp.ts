import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import { fetchTransport } from "./fetchTransport.ts"
import type { HttpTransport } from "./HttpTransport.ts"

/**
 * The transport to Scenario's API. It must answer with the 3xx it gets instead of following it, so that
 * neither a submit is repeated nor a credential carried to another place.
 */
export class ApiHttp extends Context.Service<ApiHttp, HttpTransport>()("@scenario-automation/core/ApiHttp") {
  /** Over `fetch`: the platform's, unless another is given. */
  static readonly layerFetch = (fetch?: typeof globalThis.fetch): Layer.Layer<ApiHttp> =>
    Layer.succeed(ApiHttp, fetchTransport(fetch))
}
