import * as Redacted from "effect/Redacted"
import { toBase64 } from "../utils/base64.ts"
import type { ScenarioConfig } from "../ScenarioConfig.ts"
import { version } from "../version.ts"
import type { ApiCall } from "./ApiCall.ts"

/** The headers of each request to the API. Requests to the CDN have none of them. */
export const getRequestHeaders = (
  call: ApiCall,
  config: ScenarioConfig["Service"],
): Readonly<Record<string, string>> => ({
  accept: "application/json",
  "user-agent": `scenario-automation/${version}`,
  ...(config.auth === "core" ? { authorization: getAuthorization(config) } : {}),
  ...(call.body === undefined ? {} : { "content-type": "application/json" }),
})

const getAuthorization = ({ apiKey, apiSecret }: ScenarioConfig["Service"]): string =>
  `Basic ${toBase64(`${Redacted.value(apiKey)}:${Redacted.value(apiSecret)}`)}`
