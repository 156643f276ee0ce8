import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import { fetchTransport } from "./fetchTransport.ts"
import type { HttpTransport } from "./HttpTransport.ts"

/**
 * The transport to everything that is not the API: the files at the CDN, the parts of an upload. It never
 * signs; it streams; like `ApiHttp` it answers with a 3xx instead of following it.
 */
export class CdnHttp extends Context.Service<CdnHttp, HttpTransport>()("@scenario-automation/core/CdnHttp") {
  /**
   * Over `fetch`: the platform's, unless another is given. Node's copies each chunk: if a link is faster than that,
   * put a transport over undici's `request` in its place.
   */
  static readonly layerFetch = (fetch?: typeof globalThis.fetch): Layer.Layer<CdnHttp> =>
    Layer.succeed(CdnHttp, fetchTransport(fetch))
}
