import { readSettings, relay, type RelaySettingsShape } from "@scenario-automation/relay"
import { makeRelayClient, type WaitPage } from "@scenario-automation/relay-contract"
import { Effect, Layer, Logger, ManagedRuntime, Result } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import { SqlClient } from "effect/sql"
import { randomBytes } from "node:crypto"
import { createServer } from "node:http"
import { Webhook } from "standardwebhooks"
import { listen, shut } from "./zapier.ts"

interface Posted {
  readonly path: string
  readonly body: unknown
}

/** The relay itself, in this process, and the server of Zapier that receives its callbacks. */
export interface EmbeddedRelay extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>
  readonly getCallbackUrl: (path: string) => string
  /** The callbacks with a valid signature. */
  readonly posted: ReadonlyArray<Posted>
  readonly countAccounts: () => Promise<number>
  readonly listWaits: () => Promise<WaitPage>
}

export type EmbeddedRelayOptions = Pick<RelaySettingsShape, "accountRetention">

const token = randomBytes(18).toString("base64url")
const signingSecret = `whsec_${randomBytes(32).toString("base64")}`

export const startEmbeddedRelay = async (
  scenarioBaseUrl: string,
  options?: EmbeddedRelayOptions,
): Promise<EmbeddedRelay> => {
  const posted: Array<Posted> = []
  const webhook = new Webhook(signingSecret)
  const receiver = createServer((request, response) => {
    void (async () => {
      const chunks: Array<Buffer> = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk))
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      const body = webhook.verify(Buffer.concat(chunks).toString("utf8"), headers)
      posted.push({ path: request.url ?? "", body })
      response.writeHead(200).end()
    })().catch(() => response.writeHead(400).end())
  })
  const receiverUrl = await listen(receiver)
  const settings = readSettings({
    RELAY_PORT: "0",
    RELAY_DATABASE: ":memory:",
    RELAY_TOKENS: token,
    RELAY_REGISTER_ACCOUNTS: "true",
    RELAY_SIGNING_SECRETS: signingSecret,
    RELAY_ENCRYPTION_KEYS: randomBytes(32).toString("base64"),
    RELAY_ALLOWED_HOSTS: "127.0.0.1",
    SCENARIO_BASE_URL: scenarioBaseUrl,
  })
  if (Result.isFailure(settings)) throw new Error(settings.failure.join("\n"))
  const runtime = ManagedRuntime.make(
    relay({ ...settings.success, ...options }).pipe(Layer.provideMerge(Logger.layer([]))),
  )
  const { address } = await runtime.runPromise(HttpServer.HttpServer.useSync((server) => server))
  const url = `http://127.0.0.1:${"port" in address ? address.port : 0}`
  return {
    environment: { SCENARIO_RELAY_URL: url, SCENARIO_RELAY_TOKEN: token },
    getCallbackUrl: (path) => `${receiverUrl}${path}`,
    posted,
    countAccounts: () =>
      runtime.runPromise(
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const rows = yield* sql`SELECT account_id FROM relay_accounts`
          return rows.length
        }),
      ),
    listWaits: () =>
      Effect.runPromise(
        Effect.flatMap(makeRelayClient({ baseUrl: url, token }), ({ waits }) =>
          waits.list({ query: {} }),
        ).pipe(Effect.provide(FetchHttpClient.layer)),
      ),
    [Symbol.asyncDispose]: async () => {
      await runtime.dispose()
      await shut(receiver)
    },
  }
}
