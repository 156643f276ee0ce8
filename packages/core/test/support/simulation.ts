import { it } from "@effect/vitest"
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
  VirtualTime,
} from "@scenario-automation/simulator"
import { Clock, Effect, Fiber, identity, Layer, Redacted, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { ApiHttp } from "../../src/http/ApiHttp.ts"
import { CdnHttp } from "../../src/http/CdnHttp.ts"
import type { HttpTransport } from "../../src/http/HttpTransport.ts"
import { Scenario, type ScenarioServices } from "../../src/Scenario.ts"
import { ScenarioConfig } from "../../src/ScenarioConfig.ts"
import type { ScenarioSettings } from "../../src/ScenarioSettings.ts"

export interface SimulationOptions extends SimulatorOptions {
  readonly settings?: Partial<ScenarioSettings>
  /** Replaces the platform's fetch. */
  readonly fetch?: typeof globalThis.fetch
  /** Changes the transport to the CDN. */
  readonly cdnTransport?: (transport: HttpTransport) => HttpTransport
  /** Changes the machine's clock for the library. Its argument is the clock that the simulation moves. */
  readonly machineClock?: (clock: Clock.Clock) => Clock.Clock
}

type Step = Effect.Effect<unknown, unknown, ScenarioServices | ScenarioConfig | Scope.Scope>

/** The body of a test. `given` is the case of an `each`. */
type Body<Given extends ReadonlyArray<unknown>> = (
  simulator: Simulator,
  ...given: Given
) => Generator<Step, unknown, never>

type BodyWithOptions<Given extends ReadonlyArray<unknown>> =
  | [body: Body<Given>]
  | [options: SimulationOptions, body: Body<Given>]

interface Register<Given extends ReadonlyArray<unknown>> {
  (title: string, body: Body<Given>): void
  (title: string, options: SimulationOptions, body: Body<Given>): void
}

interface SimulatedTest extends Register<[]> {
  each<T>(cases: ReadonlyArray<T>): Register<[T]>
}

/** Registers a test that runs in a simulation, as `it.effect` does for other tests. */
export const simulatedTest: SimulatedTest = Object.assign(
  (title: string, ...rest: BodyWithOptions<[]>) => {
    const [options, body] = splitRest(rest)
    it.effect(title, () => simulate(options, body))
  },
  {
    each:
      <T>(cases: ReadonlyArray<T>) =>
      (title: string, ...rest: BodyWithOptions<[T]>) => {
        const [options, body] = splitRest(rest)
        it.effect.each(cases)(title, (given) => simulate(options, (simulator) => body(simulator, given)))
      },
  },
)

const splitRest = <Given extends ReadonlyArray<unknown>>(
  rest: BodyWithOptions<Given>,
): readonly [SimulationOptions, Body<Given>] => (rest.length === 1 ? [{}, rest[0]] : rest)

/**
 * Runs a program against a simulator over real sockets, in virtual time. Whenever everything waits for the clock, it moves
 * the clocks of the library and the simulator together, so that half an hour passes in a moment.
 */
export const simulate = <Eff extends Step, A>(
  { settings, fetch, cdnTransport, machineClock, ...simulation }: SimulationOptions,
  program: (simulator: Simulator) => Generator<Eff, A, never>,
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const simulator = yield* Effect.acquireRelease(
        Effect.promise(() => startSimulator({ clock: "stepped", ...simulation })),
        (running) => Effect.promise(() => running.close()),
      )
      yield* TestClock.setTime(simulator.now())
      const runPromise = Effect.runPromiseWith(yield* Effect.context())
      const time = new VirtualTime(simulator, {
        advance: (ms) => runPromise(TestClock.adjust(ms)),
        fetch,
      })
      const clock = yield* Clock.Clock
      const running = yield* Effect.gen(() => program(simulator)).pipe(
        Effect.provide(makeAccountLayer(simulator, time.fetch, settings, cdnTransport)),
        Effect.scoped,
        Effect.provideService(Clock.Clock, machineClock?.(clock) ?? clock),
        Effect.forkChild,
      )
      yield* Effect.promise(() => time.run(runPromise(Fiber.await(running))))
      return yield* Fiber.join(running)
    }),
  )

/** All services for the simulator's account. */
const makeAccountLayer = (
  simulator: Pick<Simulator, "apiKey" | "apiSecret" | "baseUrl">,
  fetch: typeof globalThis.fetch,
  settings: SimulationOptions["settings"],
  cdnTransport: SimulationOptions["cdnTransport"] = identity,
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
