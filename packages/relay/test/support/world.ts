import { makeRelayClient, type RelayApi } from "@scenario-automation/relay-contract"
import { type Simulator, type SimulatorOptions, startSimulator } from "@scenario-automation/simulator"
import { Effect, Layer, Logger, ManagedRuntime } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import type { HttpApiClient } from "effect/http-api"
import type { SqlClient } from "effect/sql"
import { relay } from "../../src/relay.ts"
import type { RelaySettingsShape } from "../../src/settings/RelaySettings.ts"
import { type Receiver, startReceiver } from "./Receiver.ts"
import { makeSettings, token } from "./settings.ts"

type Client = HttpApiClient.ForApi<typeof RelayApi>

/** A relay in this process, a simulated Scenario, and a receiver. */
export interface World extends AsyncDisposable {
  readonly simulator: Simulator
  readonly receiver: Receiver
  readonly url: string
  readonly log: ReadonlyArray<string>
  /** One call with the typed client. */
  readonly call: <A, E>(use: (client: Client) => Effect.Effect<A, E>, bearer?: string) => Promise<A>
  /** The error of a call. */
  readonly fail: <A, E>(use: (client: Client) => Effect.Effect<A, E>, bearer?: string) => Promise<E>
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  /** An effect with the relay's own services. */
  readonly run: <A, E>(effect: Effect.Effect<A, E, RelayServices>) => Promise<A>
  readonly callbackUrl: string
}

type RelayServices = Layer.Success<ReturnType<typeof relay>> | SqlClient.SqlClient

export interface WorldOptions {
  readonly settings?: Partial<RelaySettingsShape> | undefined
  readonly simulator?: SimulatorOptions | undefined
}

export const startWorld = async (options: WorldOptions = {}): Promise<World> => {
  const simulator = await startSimulator({ speed: 20, pictures: "plain", ...options.simulator })
  const receiver = await startReceiver()
  const log: Array<string> = []
  const logger = Logger.make((entry) => {
    log.push(Logger.formatJson.log(entry))
  })
  const settings = makeSettings(simulator, options.settings)
  const runtime = ManagedRuntime.make(relay(settings).pipe(Layer.provideMerge(Logger.layer([logger]))))
  const { address } = await runtime.runPromise(HttpServer.HttpServer.useSync((server) => server))
  const url = `http://127.0.0.1:${"port" in address ? address.port : 0}`
  const call = <A, E>(use: (client: Client) => Effect.Effect<A, E>, bearer = token): Effect.Effect<A, E> =>
    Effect.flatMap(makeRelayClient({ baseUrl: url, token: bearer }), use).pipe(
      Effect.provide(FetchHttpClient.layer),
    )
  return {
    simulator,
    receiver,
    url,
    log,
    callbackUrl: `${receiver.url}/done`,
    call: (use, bearer) => Effect.runPromise(call(use, bearer)),
    fail: (use, bearer) => Effect.runPromise(Effect.flip(call(use, bearer))),
    fetch: (path, init) => fetch(`${url}${path}`, init),
    run: (effect) => runtime.runPromise(effect),
    [Symbol.asyncDispose]: async () => {
      await runtime.dispose()
      await receiver[Symbol.asyncDispose]()
      await simulator.close()
    },
  }
}
