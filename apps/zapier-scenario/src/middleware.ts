import type { BeforeRequestMiddleware } from "zapier-platform-core"
import { baseUrl } from "./environment.ts"

/**
 * Signs what goes to Scenario's API and nothing else: the CDN, the stash, the relay see no credential. Zapier's own
 * `basic` authentication would sign every request, wherever it goes.
 */
export const signScenarioRequests: BeforeRequestMiddleware = (request, _z, bundle) => {
  if (!isOurs(request.url)) return request
  const { apiKey, apiSecret } = bundle.authData
  const pair = Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")
  return { ...request, headers: { ...request.headers, Authorization: `Basic ${pair}` } }
}

const isOurs = (url: string): boolean => URL.parse(url)?.origin === new URL(baseUrl()).origin
