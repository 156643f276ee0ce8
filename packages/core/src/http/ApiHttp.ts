import { Context, Layer } from "effect"
import type { HttpClient } from "effect/http"
import { fetchWithoutRedirects } from "./fetchWithoutRedirects.ts"

/**
 * The transport to Scenario's API. It must answer with the 3xx it gets instead of following it, so that
 * neither a submit is repeated nor a credential carried to another place.
 */
export class ApiHttp extends Context.Service<ApiHttp, HttpClient.HttpClient>()(
  "@scenario-automation/core/ApiHttp",
) {
  /** Over `fetch`: the platform's, unless another is given. */
  static readonly layerFetch = (fetch?: typeof globalThis.fetch): Layer.Layer<ApiHttp> =>
    Layer.effect(ApiHttp, fetchWithoutRedirects(fetch))
}
