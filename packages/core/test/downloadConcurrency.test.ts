import { assert, describe } from "@effect/vitest"
import { Effect, Fiber, Scope, Stream } from "effect"
import { countBytes } from "../src/deliver/chunks.ts"
import { Downloads } from "../src/deliver/Downloads.ts"
import { makePngBytes } from "./support/files.ts"
import { getCdnRequests } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

const bytes = makePngBytes(2_000_000)

describe("four downloads that their caller has stopped reading", () => {
  simulatedTest("don't block another download, and continue later", function* (simulator) {
    const downloads = yield* Downloads
    const scope = yield* Scope.Scope
    const begin = () =>
      Stream.toPull(downloads.download(simulator.addAsset({ bytes }))).pipe(Scope.provide(scope))
    const idle = yield* Effect.forEach([1, 2, 3, 4], () => Effect.tap(begin(), (pull) => pull))
    const begunAt = simulator.now()
    const fifth = yield* Stream.runCollect(downloads.download(simulator.addAsset({ bytes })))
    assert.strictEqual(countBytes(fifth), bytes.length)
    assert.isBelow(simulator.now() - begunAt, 3_000)
    for (const pull of idle) yield* pull
  })
})

describe("more than four downloads", () => {
  simulatedTest("run four at a time", function* (simulator) {
    const downloads = yield* Downloads
    simulator.faults.rate("slow", 1, { origin: "cdn", delayMs: 5_000 })
    const all = Array.from({ length: 8 }, () => simulator.addAsset({ bytes }))
    const reading = yield* Effect.forEach(all, (assetId) =>
      Effect.forkChild(Stream.runDrain(downloads.download(assetId))),
    )
    yield* Effect.sleep("4 seconds")
    assert.strictEqual(getCdnRequests(simulator).length, 4)
    yield* Effect.forEach(reading, Fiber.join)
    assert.strictEqual(getCdnRequests(simulator).length, 8)
  })

  simulatedTest("release their slots when they are interrupted", function* (simulator) {
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
  })
})
