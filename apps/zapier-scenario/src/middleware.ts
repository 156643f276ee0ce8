import type { BeforeRequestMiddleware } from "zapier-platform-core"
import { getBaseUrl } from "./environment.ts"
import { readKeyPair } from "./keyPair.ts"

/**
 * Signs what goes to Scenario's API and nothing else: the CDN, the stash, and the relay get no credentials. Zapier's own
 * `basic` authentication would sign every request, wherever it goes.
 */
export const signScenarioRequests: BeforeRequestMiddleware = (request, _z, bundle) => {
  const pair = readKeyPair(bundle.authData)
  if (pair === undefined || !isScenarioUrl(request.url)) return request
  const encoded = Buffer.from(`${pair.apiKey}:${pair.apiSecret}`).toString("base64")
  return { ...request, headers: { ...request.headers, Authorization: `Basic ${encoded}` } }
}

const isScenarioUrl = (url: string): boolean => URL.parse(url)?.origin === new URL(getBaseUrl()).origin
