import { type Simulator, type SimulatorOptions, startSimulator } from "@scenario-automation/simulator"
import { Clock, Effect, Fiber, Layer, Redacted, type Scope, identity } from "effect"
import { TestClock } from "effect/testing"
import { ApiHttp } from "../../src/http/ApiHttp.ts"
import { CdnHttp } from "../../src/http/CdnHttp.ts"
import type { HttpTransport } from "../../src/http/HttpTransport.ts"
import { Scenario, type ScenarioServices } from "../../src/Scenario.ts"
import { ScenarioConfig, type ScenarioSettings } from "../../src/ScenarioConfig.ts"
import { TrackedFetch } from "./TrackedFetch.ts"

export interface SimulationOptions extends SimulatorOptions {
  readonly settings?: Partial<ScenarioSettings>
  /** What runs instead of the platform's fetch. */
  readonly fetch?: typeof globalThis.fetch
  /** What the transport to the CDN is made of the one over `fetch`. */
  readonly cdnTransport?: (transport: HttpTransport) => HttpTransport
  /** What the library takes for the machine's clock: made of the one that the test moves. */
  readonly machineClock?: (moved: Clock.Clock) => Clock.Clock
}

/** How far both clocks move at once while a test waits. Milliseconds. */
const stepMs = 250

/**
 * Runs a program against a simulator over real sockets, in virtual time: whenever everything waits for the clock, the
 * library's and the simulator's are moved together, so that half an hour passes in a moment and nothing sleeps.
 */
export const simulate = <A, E>(
  options: SimulationOptions,
  program: (simulator: Simulator) => Effect.Effect<A, E, ScenarioServices | ScenarioConfig | Scope.Scope>,
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const simulator = yield* Effect.acquireRelease(
        Effect.promise(() => startSimulator({ clock: "stepped", ...options })),
        (running) => Effect.promise(() => running.close()),
      )
      yield* TestClock.setTime(simulator.now())
      const tracked = new TrackedFetch(options.fetch ?? globalThis.fetch)
      const moved = yield* Clock.Clock
      const running = yield* program(simulator).pipe(
        Effect.provide(accountLayer(simulator, tracked.fetch, options)),
        Effect.scoped,
        Effect.provideService(Clock.Clock, options.machineClock?.(moved) ?? moved),
        Effect.forkChild,
      )
      while (true) {
        yield* Effect.promise(() => tracked.settled())
        if (running.pollUnsafe() !== undefined) return yield* Fiber.join(running)
        yield* Effect.promise(() => simulator.advance(stepMs))
        yield* TestClock.adjust(stepMs)
      }
    }),
  )

/** The whole library for the simulator's account. */
const accountLayer = (
  simulator: Pick<Simulator, "apiKey" | "apiSecret" | "baseUrl">,
  fetch: typeof globalThis.fetch,
  { settings, cdnTransport = identity }: Pick<SimulationOptions, "settings" | "cdnTransport">,
) =>
  Scenario.layer.pipe(
    Layer.provideMerge(
      ScenarioConfig.layer({
        apiKey: Redacted.make(simulator.apiKey),
        apiSecret: Redacted.make(simulator.apiSecret),
        baseUrl: simulator.baseUrl,
        ...settings,
      }),
    ),
    Layer.provide([
      ApiHttp.layerFetch(fetch),
      Layer.effect(CdnHttp, Effect.map(CdnHttp, cdnTransport)).pipe(Layer.provide(CdnHttp.layerFetch(fetch))),
    ]),
  )
