import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Scope, Stream } from "effect"
import { Downloads } from "../src/deliver/Downloads.ts"
import { simulate } from "./support/simulation.ts"

const bytes = new Uint8Array(2_000_000).map((_, index) => (index * 31) % 251)
bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

const countBytes = (chunks: ReadonlyArray<Uint8Array>) => chunks.reduce((sum, chunk) => sum + chunk.length, 0)

describe("four downloads that their caller has begun and does not read", () => {
  it.effect("hold up no other one", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const downloads = yield* Downloads
        const scope = yield* Scope.Scope
        const begin = () =>
          Stream.toPull(downloads.download(simulator.addAsset({ bytes }))).pipe(Scope.provide(scope))
        const idle = yield* Effect.forEach([1, 2, 3, 4], () => Effect.tap(begin(), (pull) => pull))
        const begun = simulator.now()
        const fifth = yield* Stream.runCollect(downloads.download(simulator.addAsset({ bytes })))
        assert.strictEqual(countBytes(fifth), bytes.length)
        assert.isBelow(simulator.now() - begun, 3_000)
        // And they go on when they are read again.
        for (const pull of idle) yield* pull
      }),
    ),
  )
})

describe("downloads that are read", () => {
  it.effect("take turns, four at a time, in their order", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const downloads = yield* Downloads
        simulator.faults.rate("slow", 1, { origin: "cdn", delayMs: 5_000 })
        const all = Array.from({ length: 8 }, () => simulator.addAsset({ bytes }))
        const reading = yield* Effect.forEach(all, (assetId) =>
          Effect.forkChild(Stream.runDrain(downloads.download(assetId))),
        )
        yield* Effect.sleep("4 seconds")
        const cdn = () => simulator.requests().filter(({ origin }) => origin === "cdn").length
        assert.strictEqual(cdn(), 4)
        yield* Effect.forEach(reading, Fiber.join)
        assert.strictEqual(cdn(), 8)
      }),
    ),
  )

  it.effect("give their slot back when they are interrupted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const downloads = yield* Downloads
        simulator.faults.next("hang", { origin: "cdn", times: 4 })
        const hanging = yield* Effect.forEach([1, 2, 3, 4], () =>
          Effect.forkChild(Stream.runDrain(downloads.download(simulator.addAsset({ bytes })))),
        )
        yield* Effect.sleep("1 second")
        const waiting = yield* Effect.forkChild(
          Stream.runCollect(downloads.download(simulator.addAsset({ bytes }))),
        )
        yield* Effect.sleep("1 second")
        yield* Effect.forEach(hanging, Fiber.interrupt)
        assert.strictEqual(countBytes(yield* Fiber.join(waiting)), bytes.length)
      }),
    ),
  )
})
