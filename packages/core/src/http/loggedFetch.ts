import * as Layer from "effect/Layer"
import { ApiHttp } from "./ApiHttp.ts"
import { CdnHttp } from "./CdnHttp.ts"
import { withDebugLog } from "./debugLog.ts"
import { fetchTransport } from "./fetchTransport.ts"

/** Both transports over the given `fetch`, or the platform's, with the debug log if the environment asks for it. */
export const loggedFetch = (fetch?: typeof globalThis.fetch): Layer.Layer<ApiHttp | CdnHttp> =>
  Layer.mergeAll(
    Layer.sync(ApiHttp, () => withDebugLog(fetchTransport(fetch), ({ pathname }) => pathname)),
    Layer.sync(CdnHttp, () => withDebugLog(fetchTransport(fetch), ({ host }) => host)),
  )
