import { Context, Layer } from "effect"
import type { HttpClient } from "effect/http"
import { fetchWithoutRedirects } from "./fetchWithoutRedirects.ts"

/**
 * The transport to everything that is not the API: the files at the CDN, the parts of an upload. It never
 * signs; it streams; like `ApiHttp` it answers with a 3xx instead of following it.
 */
export class CdnHttp extends Context.Service<CdnHttp, HttpClient.HttpClient>()(
  "@scenario-automation/core/CdnHttp",
) {
  /**
   * Over `fetch`: the platform's, unless another is given. Node's copies each chunk; where a link is faster than that,
   * `NodeHttpClient.layerUndici` of `@effect/platform-node` can stand in.
   */
  static readonly layerFetch = (fetch?: typeof globalThis.fetch): Layer.Layer<CdnHttp> =>
    Layer.effect(CdnHttp, fetchWithoutRedirects(fetch))
}
