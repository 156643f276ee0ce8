import { makeRelayClient, type RelayApi } from "@scenario-automation/relay-contract"
import { Effect } from "effect"
import { FetchHttpClient } from "effect/http"
import type { HttpApiClient } from "effect/http-api"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import process from "node:process"
import { adminToken, encryptionKey, signingSecret, type TestAccount, token } from "./settings.ts"

const main = join(import.meta.dirname, "../../src/main.ts")

/** The relay as a process of its own. */
export interface RelayProcess {
  readonly url: string
  readonly child: ChildProcess
  readonly call: <A, E>(
    use: (client: HttpApiClient.ForApi<typeof RelayApi>) => Effect.Effect<A, E>,
  ) => Promise<A>
  /** Ends it, and resolves with the milliseconds that it took. */
  readonly end: (signal: "SIGKILL" | "SIGTERM") => Promise<number>
  readonly getLog: () => string
}

export const startRelayProcess = async (
  { baseUrl, apiKey, apiSecret }: TestAccount,
  environment: Readonly<Record<string, string>>,
): Promise<RelayProcess> => {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env["PATH"],
      RELAY_PORT: "0",
      RELAY_TOKENS: token,
      RELAY_ADMIN_TOKENS: adminToken,
      RELAY_SIGNING_SECRETS: signingSecret,
      RELAY_ENCRYPTION_KEYS: encryptionKey.toString("base64"),
      RELAY_ALLOWED_HOSTS: "127.0.0.1",
      SCENARIO_BASE_URL: baseUrl,
      SCENARIO_SDK_API_KEY: apiKey,
      SCENARIO_SDK_API_SECRET: apiSecret,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let log = ""
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      log += chunk.toString("utf8")
      const [, found] = /"url":"(http:[^"]+)"/.exec(log) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout.on("data", read)
    child.stderr.on("data", read)
    child.once("exit", (code) => reject(new Error(`the relay ended with ${code}: ${log}`)))
  })
  return {
    url,
    child,
    call: (use) =>
      Effect.runPromise(
        Effect.flatMap(makeRelayClient({ baseUrl: url, token }), use).pipe(
          Effect.provide(FetchHttpClient.layer),
        ),
      ),
    end: async (signal) => {
      const startedAt = performance.now()
      const ended = once(child, "exit")
      child.kill(signal)
      await ended
      return performance.now() - startedAt
    },
    getLog: () => log,
  }
}
