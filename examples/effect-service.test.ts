// An Effect service that uses Scenario, and its test. Time is virtual: a job of two minutes takes a moment.
//
// The simulator and the library each have a clock. The test moves both.
//
//   npm install --save-dev vitest @effect/vitest @scenario-automation/simulator
//   npx vitest run effect-service.test.ts

import { assert, it } from "@effect/vitest"
import { generate, Scenario, type ScenarioServices } from "@scenario-automation/core"
import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { Context, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"

/** The service of your program. */
const make = Effect.gen(function* () {
  const services = yield* Effect.context<ScenarioServices>()
  const paint = Effect.fn("Portraits.paint")(function* (name: string) {
    const request = { model: "model_bfl-flux-1-dev", inputs: { prompt: `a portrait of ${name}` } }
    const { assets } = yield* generate(request, { maxCost: 20, timeout: "10 minutes" })
    return assets.map((asset) => asset.url)
  }, Effect.provide(services))
  return { paint }
})

class Portraits extends Context.Service<Portraits, Effect.Success<typeof make>>()("Portraits") {
  static readonly layer = Layer.effect(Portraits, make)
}

/** Moves both clocks until the effect ends. */
const inVirtualTime = Effect.fnUntraced(function* <A, E, R>(
  simulator: Simulator,
  effect: Effect.Effect<A, E, R>,
) {
  yield* TestClock.setTime(simulator.now())
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) {
    // The requests travel over real sockets, in real time.
    yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))
    yield* Effect.promise(() => simulator.advance(250))
    yield* TestClock.adjust(250)
  }
  return yield* Fiber.join(fiber)
})

it.effect("paints a portrait, and pays once", () =>
  Effect.gen(function* () {
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => startSimulator({ clock: "stepped" })),
      (running) => Effect.promise(() => running.close()),
    )
    simulator.planNextJob({ durationMs: 120_000 })
    const { apiKey, apiSecret, baseUrl } = simulator
    const layer = Portraits.layer.pipe(Layer.provide(Scenario.layerFetch({ apiKey, apiSecret, baseUrl })))
    const paint = Portraits.use((portraits) => portraits.paint("Ada")).pipe(Effect.provide(layer))
    const urls = yield* inVirtualTime(simulator, paint)
    assert.lengthOf(urls, 1)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  }),
)
