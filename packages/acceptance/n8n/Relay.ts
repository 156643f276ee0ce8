import { readSettings, relay } from "@scenario-automation/relay"
import { Layer, Logger, ManagedRuntime, Result } from "effect"
import { HttpServer } from "effect/http"
import { randomBytes } from "node:crypto"

/** A relay in this process. Unless an account is given, which it then knows as `default`, the client with its token may register accounts. */
export interface Relay extends AsyncDisposable {
  readonly url: string
  readonly token: string
  /** Its API's response to a GET. */
  readonly get: (path: string) => Promise<unknown>
}

export const startRelay = async (
  scenarioBaseUrl: string,
  account?: { readonly apiKey: string; readonly apiSecret: string },
): Promise<Relay> => {
  const token = randomBytes(18).toString("base64url")
  const settings = readSettings({
    RELAY_PORT: "0",
    RELAY_DATABASE: ":memory:",
    RELAY_TOKENS: token,
    RELAY_REGISTER_ACCOUNTS: String(account === undefined),
    RELAY_SIGNING_SECRETS: `whsec_${randomBytes(32).toString("base64")}`,
    RELAY_ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
    RELAY_ALLOWED_HOSTS: "localhost 127.0.0.1",
    SCENARIO_BASE_URL: scenarioBaseUrl,
    SCENARIO_SDK_API_KEY: account?.apiKey,
    SCENARIO_SDK_API_SECRET: account?.apiSecret,
  })
  if (Result.isFailure(settings)) throw new Error(settings.failure.join("\n"))
  const runtime = ManagedRuntime.make(relay(settings.success).pipe(Layer.provideMerge(Logger.layer([]))))
  const { address } = await runtime.runPromise(HttpServer.HttpServer.useSync((server) => server))
  const url = `http://127.0.0.1:${"port" in address ? address.port : 0}`
  return {
    url,
    token,
    get: async (path) => {
      const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })
      return response.json()
    },
    [Symbol.asyncDispose]: () => runtime.dispose(),
  }
}
