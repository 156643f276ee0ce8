// An Effect service that uses Scenario, and its test. Time is virtual: a job of two minutes takes a moment.
//
// The simulator and the library each have a clock. The test moves both.
//
//   npm install --save-dev vitest @effect/vitest @scenario-automation/simulator
//   npx vitest run effect-service.test.ts

import { assert, it } from "@effect/vitest"
import { generate, Scenario, type ScenarioServices } from "@scenario-automation/core"
import { startSimulator, VirtualTime } from "@scenario-automation/simulator"
import { Context, Effect, Layer } from "effect"
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

it.effect("paints a portrait, and pays once", () =>
  Effect.gen(function* () {
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => startSimulator({ clock: "stepped" })),
      (running) => Effect.promise(() => running.close()),
    )
    simulator.planNextJob({ durationMs: 120_000 })
    const { apiKey, apiSecret, baseUrl } = simulator
    yield* TestClock.setTime(simulator.now())
    const run = Effect.runPromiseWith(yield* Effect.context())
    const time = new VirtualTime(simulator, { advance: (ms) => run(TestClock.adjust(ms)) })
    const account = Scenario.layerFetch({ apiKey, apiSecret, baseUrl }, time.fetch)
    const layer = Portraits.layer.pipe(Layer.provide(account))
    const paint = Portraits.use((portraits) => portraits.paint("Ada")).pipe(Effect.provide(layer))
    const urls = yield* Effect.promise(() => time.run(run(paint)))
    assert.lengthOf(urls, 1)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  }),
)
