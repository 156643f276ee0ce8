import { checkSettings, fromOptions } from "./checkSettings.ts"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { InvalidInput } from "./errors.ts"
import type { ApiHttp } from "./http/ApiHttp.ts"
import type { CdnHttp } from "./http/CdnHttp.ts"
import { Scenario, type ScenarioServices } from "./Scenario.ts"
import { ScenarioConfig } from "./ScenarioConfig.ts"
import type { CheckedSettings, ScenarioSettings } from "./ScenarioSettings.ts"

/** What a call can use: the account's services and settings. */
export type AccountServices = ScenarioServices | ScenarioConfig

/** An account's services, and the hosts whose calls are running. */
interface Account<Host extends object> {
  readonly runtime: ManagedRuntime.ManagedRuntime<AccountServices, InvalidInput>
  /** How many calls of each host are running. Requests are sent with the latest host. */
  readonly calls: Map<Host, number>
  /** For requests that outlive their call. A weak reference, because a host can hold all data of an execution. */
  last: WeakRef<Host>
}

/** Idle accounts are kept up to this number, because they have learned durations, and take only a few kilobytes. */
const maxAccounts = 50

/**
 * The accounts of a process, for platforms that call a host for each piece of work. Calls with the same settings share one set
 * of services, and so one request budget, one watcher, and what is known about durations. If any setting differs, it is
 * another account.
 *
 * `transports` creates the two HTTP clients of an account. They send with any host that has a running call (`current`),
 * because all hosts of an account have the same credentials, and one request can serve the calls of several. A host isn't
 * held after its calls.
 */
export class AccountRegistry<Host extends object> {
  readonly #accounts = new Map<string, Account<Host>>()
  readonly #transports: (current: () => Host) => Layer.Layer<ApiHttp | CdnHttp>

  constructor(transports: (current: () => Host) => Layer.Layer<ApiHttp | CdnHttp>) {
    this.#transports = transports
  }

  /** Runs an effect with the account's services. `signal` interrupts it, but never cancels a job. */
  async run<A, E>(
    settings: ScenarioSettings,
    host: Host,
    effect: Effect.Effect<A, E, AccountServices>,
    signal?: AbortSignal,
  ): Promise<Exit.Exit<A, E | InvalidInput>> {
    const config = checkSettings(fromOptions({ ...settings }))
    if (Result.isFailure(config)) return Exit.fail(config.failure)
    const account = this.#enter(await getKey(config.success), settings, host)
    try {
      return await account.runtime.runPromiseExit(effect, signal === undefined ? undefined : { signal })
    } finally {
      leave(account, host)
    }
  }

  /** The number of accounts in memory. */
  get size(): number {
    return this.#accounts.size
  }

  #enter(key: string, settings: ScenarioSettings, host: Host): Account<Host> {
    const known = this.#accounts.get(key)
    const account = known ?? this.#open(settings, host)
    const calls = account.calls.get(host) ?? 0
    // Both maps are ordered by use, the oldest first.
    account.calls.delete(host)
    account.calls.set(host, calls + 1)
    account.last = new WeakRef(host)
    this.#accounts.delete(key)
    this.#accounts.set(key, account)
    if (known === undefined) this.#forgetIdle()
    return account
  }

  #open(settings: ScenarioSettings, host: Host): Account<Host> {
    const account: Account<Host> = {
      runtime: ManagedRuntime.make(
        Scenario.layer.pipe(
          Layer.provide(this.#transports(() => getLatest(account))),
          Layer.provideMerge(ScenarioConfig.layer(settings)),
        ),
      ),
      calls: new Map(),
      last: new WeakRef(host),
    }
    return account
  }

  #forgetIdle(): void {
    for (const [key, account] of this.#accounts) {
      if (this.#accounts.size <= maxAccounts) return
      if (account.calls.size > 0) continue
      this.#accounts.delete(key)
      void account.runtime.dispose()
    }
  }
}

const leave = <Host extends object>(account: Account<Host>, host: Host): void => {
  const calls = (account.calls.get(host) ?? 0) - 1
  if (calls > 0) account.calls.set(host, calls)
  else account.calls.delete(host)
}

const getLatest = <Host extends object>({ calls, last }: Account<Host>): Host => {
  const host = [...calls.keys()].at(-1) ?? last.deref()
  if (host === undefined)
    throw new Error("the call that this request belongs to has ended, and its host is gone")
  return host
}

/** A hash of all settings, so that no secret is a key of the map. */
const getKey = async (config: CheckedSettings): Promise<string> => {
  const { apiKey, apiSecret, ...others } = config
  const named = Object.entries(others).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const identity = JSON.stringify([Redacted.value(apiKey), Redacted.value(apiSecret), named])
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(identity))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")
}
