import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import { fetchTransport } from "./fetchTransport.ts"
import type { HttpTransport } from "./HttpTransport.ts"

/**
 * The transport to everything except the API: files on the CDN, and the parts of an upload. It never sends credentials.
 * Like `ApiHttp`, it returns a 3xx instead of following it.
 */
export class CdnHttp extends Context.Service<CdnHttp, HttpTransport>()("@scenario-automation/core/CdnHttp") {
  /**
   * Over the given `fetch`, or the platform's. Node's `fetch` copies each chunk. If your link is faster than that, provide
   * a transport over undici's `request` instead.
   */
  static readonly layerFetch = (fetch?: typeof globalThis.fetch): Layer.Layer<CdnHttp> =>
    Layer.sync(CdnHttp, () => fetchTransport(fetch))
}
