import { Data, Effect } from "effect"

const variables = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"] as const

/** A proxy variable that can't be used. */
export class InvalidProxy extends Data.TaggedError("InvalidProxy")<{ readonly variable: string }> {
  override get message(): string {
    return `${this.variable} isn't the URL of a proxy. Write it as http://host:port.`
  }
}

/** The variables that name a proxy. An empty one counts as not set. */
export const listProxyVariables = (): ReadonlyArray<string> =>
  variables.filter((name) => (process.env[name] ?? "").trim() !== "")

/**
 * Lets `fetch` go through the proxies of HTTPS_PROXY and HTTP_PROXY, but for the hosts of NO_PROXY: by itself Node does so
 * only with NODE_USE_ENV_PROXY, and not in each version that we run on.
 */
export const useProxies: Effect.Effect<void, InvalidProxy> = Effect.gen(function* () {
  const names = listProxyVariables()
  if (names.length === 0) return
  for (const name of names) {
    if (!isProxyUrl(process.env[name] ?? "")) return yield* new InvalidProxy({ variable: name })
  }
  // Loaded only if needed: it takes a third of the time of a short command.
  const { EnvHttpProxyAgent, setGlobalDispatcher } = yield* Effect.promise(
    () => import("@effect/platform-node/Undici"),
  )
  setGlobalDispatcher(new EnvHttpProxyAgent())
})

const isProxyUrl = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== ""
}
