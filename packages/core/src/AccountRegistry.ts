import { type Effect, type Exit, Layer, ManagedRuntime, Redacted } from "effect"
import type { InvalidInput } from "./errors.ts"
import type { ApiHttp } from "./http/ApiHttp.ts"
import type { CdnHttp } from "./http/CdnHttp.ts"
import { Scenario, type ScenarioServices } from "./Scenario.ts"
import { defaultBaseUrl, ScenarioConfig, type ScenarioSettings } from "./ScenarioConfig.ts"

/** An account in use: its services, and the hosts that are calling through it right now. */
interface Account<Host> {
  readonly runtime: ManagedRuntime.ManagedRuntime<ScenarioServices, InvalidInput>
  /** The latest is the one to send with; the last one stays for requests that outlive their caller. */
  hosts: ReadonlyArray<Host>
  users: number
}

/** Accounts that are kept although nobody uses them: what they have learned is worth more than their few kilobytes. */
const mostAccounts = 50

/**
 * The accounts of a process, for hosts that are called anew for each piece of work. Calls with the same key, base URL and
 * project share one set of services: one request budget, one watcher, what is known of how long jobs take.
 *
 * `transports` makes the two clients of an account. They send with whichever host is at hand (`current`): all hosts of an
 * account have the same credentials, and a request may be one that another caller has asked for too.
 */
export class AccountRegistry<Host> {
  readonly #accounts = new Map<string, Account<Host>>()
  readonly #transports: (current: () => Host) => Layer.Layer<ApiHttp | CdnHttp>

  constructor(transports: (current: () => Host) => Layer.Layer<ApiHttp | CdnHttp>) {
    this.#transports = transports
  }

  /** Runs an effect with the account's services. `signal` interrupts it; it never cancels a job. */
  async run<A, E>(
    settings: ScenarioSettings,
    host: Host,
    effect: Effect.Effect<A, E, ScenarioServices>,
    signal?: AbortSignal,
  ): Promise<Exit.Exit<A, E | InvalidInput>> {
    const account = this.#enter(await keyOf(settings), settings, host)
    try {
      return await account.runtime.runPromiseExit(effect, signal === undefined ? undefined : { signal })
    } finally {
      account.users -= 1
      const others = account.hosts.filter((other) => other !== host)
      account.hosts = others.length === 0 ? [host] : others
    }
  }

  /** How many accounts are kept. */
  get size(): number {
    return this.#accounts.size
  }

  #enter(key: string, settings: ScenarioSettings, host: Host): Account<Host> {
    const known = this.#accounts.get(key)
    const account = known ?? this.#open(settings, host)
    account.users += 1
    account.hosts = [...account.hosts.filter((other) => other !== host), host]
    // The most recently used stand last.
    this.#accounts.delete(key)
    this.#accounts.set(key, account)
    if (known === undefined) this.#forgetIdle()
    return account
  }

  #open(settings: ScenarioSettings, host: Host): Account<Host> {
    const account: Account<Host> = {
      runtime: ManagedRuntime.make(
        Scenario.layer.pipe(
          Layer.provide([
            ScenarioConfig.layer(settings),
            this.#transports(() => account.hosts.at(-1) ?? host),
          ]),
        ),
      ),
      hosts: [host],
      users: 0,
    }
    return account
  }

  #forgetIdle(): void {
    for (const [key, account] of this.#accounts) {
      if (this.#accounts.size <= mostAccounts) return
      if (account.users > 0) continue
      this.#accounts.delete(key)
      void account.runtime.dispose()
    }
  }
}

/** A hash, so that no secret lies about as a key. */
const keyOf = async ({ apiKey, apiSecret, baseUrl, projectId }: ScenarioSettings): Promise<string> => {
  const identity = [
    typeof apiKey === "string" ? apiKey : Redacted.value(apiKey),
    typeof apiSecret === "string" ? apiSecret : Redacted.value(apiSecret),
    baseUrl ?? defaultBaseUrl,
    projectId ?? "",
  ]
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(identity)))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")
}
