import type { BeforeRequestMiddleware } from "zapier-platform-core"
import { getBaseUrl } from "./environment.ts"
import { readKeyPair } from "./keyPair.ts"

/**
 * Signs requests to Scenario's API only: the CDN, Zapier's storage, and the relay get no credentials.
 */
export const signScenarioRequests: BeforeRequestMiddleware = (request, _z, bundle) => {
  const pair = readKeyPair(bundle.authData)
  if (pair === undefined || !isScenarioUrl(request.url)) return request
  const encoded = Buffer.from(`${pair.apiKey}:${pair.apiSecret}`).toString("base64")
  return { ...request, headers: { ...request.headers, Authorization: `Basic ${encoded}` } }
}

const isScenarioUrl = (url: string): boolean => URL.parse(url)?.origin === new URL(getBaseUrl()).origin
