import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { ScenarioServices } from "../Scenario.ts"

export type Services = ManagedRuntime.ManagedRuntime<ScenarioServices, never>

interface Entry {
  readonly services: Services
  /** Whether the running code can use them. */
  readonly isUsableHere: () => boolean
  users: number
}

/** Concurrent requests of a Worker in one isolate. If there are more, the oldest are forgotten. */
const maxEntries = 100

/**
 * One set of services for all calls. In a Cloudflare Worker, each incoming request has its own set: timers and connections end
 * with the request that opened them, and another request that waited for them would hang.
 */
export class ServicesPool {
  readonly #layer: Layer.Layer<ScenarioServices>
  #entries: ReadonlyArray<Entry> = []

  constructor(layer: Layer.Layer<ScenarioServices>) {
    this.#layer = layer
  }

  /** Returns the services, and a function to call after their use. */
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
    // Services of ended requests aren't disposed: this code can't use what another request opened.
    const inUse = this.#entries.filter(({ users }) => users > 0).slice(-maxEntries)
    this.#entries = [...inUse, entry]
    return entry
  }
}

/**
 * Returns a function that checks whether the running code belongs to the same incoming request; always true outside of a
 * Worker. Workers don't identify requests, but throw if code reads the state of another request's socket.
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
