import { defaultBaseUrl } from "@scenario-automation/core"
import process from "node:process"

/** Set by the app's owner, never by its users: Zapier has people review apps whose users type domains. */
export const getBaseUrl = (): string =>
  (process.env["SCENARIO_BASE_URL"] ?? defaultBaseUrl).replace(/\/+$/, "")

export interface RelaySettings {
  /** Without a slash at its end. */
  readonly url: string
  readonly token: string
}

/** The owner's relay, where there is one. */
export const readRelaySettings = (): RelaySettings | undefined => {
  const url = process.env["SCENARIO_RELAY_URL"]
  const token = process.env["SCENARIO_RELAY_TOKEN"]
  return url === undefined || url === "" || token === undefined || token === ""
    ? undefined
    : { url: url.replace(/\/+$/, ""), token }
}
