import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import type { Environment } from "./settings/readSettings.ts"

/** An environment for a try: a simulated Scenario on this machine, and new secrets, which the caller prints. */
export const startSimulated = async (): Promise<Environment> => {
  const { startSimulator } = await import("@scenario-automation/simulator")
  const simulator = await startSimulator({ speed: 1 })
  const folder = mkdtempSync(join(tmpdir(), "scenario-relay-"))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  return {
    SCENARIO_BASE_URL: simulator.baseUrl,
    SCENARIO_SDK_API_KEY: simulator.apiKey,
    SCENARIO_SDK_API_SECRET: simulator.apiSecret,
    RELAY_DATABASE: join(folder, "relay.sqlite"),
    RELAY_TOKENS: makeSecret(),
    RELAY_ADMIN_TOKENS: makeSecret(),
    RELAY_SIGNING_SECRETS: `whsec_${randomBytes(32).toString("base64")}`,
    RELAY_ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
    RELAY_ALLOWED_HOSTS: "localhost 127.0.0.1",
    RELAY_REGISTER_ACCOUNTS: "true",
  }
}

const makeSecret = (): string => randomBytes(18).toString("base64url")

/** The variables of a try that its user needs. */
export const describeSimulated = (environment: Environment, url: string): string =>
  `Scenario relay, against a simulated Scenario

  RELAY_URL              ${url}
  RELAY_TOKENS           ${environment["RELAY_TOKENS"]}
  RELAY_ADMIN_TOKENS     ${environment["RELAY_ADMIN_TOKENS"]}   (${url}/status, any user name)
  RELAY_SIGNING_SECRETS  ${environment["RELAY_SIGNING_SECRETS"]}
  SCENARIO_BASE_URL      ${environment["SCENARIO_BASE_URL"]}
  database               ${environment["RELAY_DATABASE"]}

  curl ${url}/v1/generations -H 'Authorization: Bearer ${environment["RELAY_TOKENS"]}' -H 'Content-Type: application/json' \\
    -d '{"accountId":"default","idempotencyKey":"first","callbackUrl":"http://localhost:3000/","generation":{"model":"model_bfl-flux-1-dev","inputs":{"prompt":"a red house"}}}'

Callbacks to localhost are allowed here. Ctrl-C stops it.`
