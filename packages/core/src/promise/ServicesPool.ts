import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { ScenarioServices } from "../Scenario.ts"

export type Services = ManagedRuntime.ManagedRuntime<ScenarioServices, never>

interface Entry {
  readonly services: Services
  /** Whether the code that runs now may use them. */
  readonly isUsableHere: () => boolean
  users: number
}

/** Requests of a Worker that run at once in one isolate; beyond that the oldest are forgotten. */
const maxEntries = 100

/**
 * One set of services for all calls. In a Cloudflare Worker it is one set for each incoming request: what a request has
 * opened (timers, connections) dies with it, and a second request that waited for it would hang.
 */
export class ServicesPool {
  readonly #layer: Layer.Layer<ScenarioServices>
  #entries: ReadonlyArray<Entry> = []

  constructor(layer: Layer.Layer<ScenarioServices>) {
    this.#layer = layer
  }

  /** The services to use here, and what to call when they are no longer used. */
  enter(): { readonly services: Services; readonly leave: () => void } {
    const entry = this.#entries.find((one) => one.isUsableHere()) ?? this.#open()
    entry.users += 1
    return {
      services: entry.services,
      leave: () => {
        entry.users -= 1
      },
    }
  }

  async dispose(): Promise<void> {
    const entries = this.#entries.filter((entry) => entry.isUsableHere())
    this.#entries = []
    await Promise.all(entries.map(({ services }) => services.dispose()))
  }

  #open(): Entry {
    const entry = { services: ManagedRuntime.make(this.#layer), isUsableHere: bindToRequest(), users: 0 }
    // Those of requests that have ended are left to the garbage collector: nothing of theirs may be touched here.
    const inUse = this.#entries.filter(({ users }) => users > 0).slice(-maxEntries)
    this.#entries = [...inUse, entry]
    return entry
  }
}

/**
 * Checks later whether the running code belongs to the same incoming request; always true outside of a Worker. A
 * Worker has no name for a request, but throws if one reads the state of another's socket.
 */
const bindToRequest = (): (() => boolean) => {
  const makePair: unknown = Reflect.get(globalThis, "WebSocketPair")
  if (globalThis.navigator?.userAgent !== "Cloudflare-Workers" || typeof makePair !== "function") {
    return () => true
  }
  const [socket] = Object.values<object>(Reflect.construct(makePair, []))
  return () => {
    try {
      return socket !== undefined && Reflect.get(socket, "readyState") !== undefined
    } catch {
      return false
    }
  }
}
