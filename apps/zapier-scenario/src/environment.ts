import { defaultBaseUrl } from "@scenario-automation/core/host"
import process from "node:process"

/** Set by the app's owner. Zapier's reviewers refuse apps whose users enter domains. */
export const getBaseUrl = (): string =>
  (process.env["SCENARIO_BASE_URL"] ?? defaultBaseUrl).replace(/\/+$/, "")

export interface RelaySettings {
  readonly url: string
  readonly token: string
}

export const readRelaySettings = (): RelaySettings | undefined => {
  const url = process.env["SCENARIO_RELAY_URL"]
  const token = process.env["SCENARIO_RELAY_TOKEN"]
  return url === undefined || url === "" || token === undefined || token === ""
    ? undefined
    : { url: url.replace(/\/+$/, ""), token }
}
