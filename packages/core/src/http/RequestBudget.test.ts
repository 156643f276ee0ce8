import { describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { assert } from "vitest"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import { budgetWindowMs, getRequestDelay, RequestBudget } from "./RequestBudget.ts"

const makeBudget = (requestsPerMinute: number, requestsInFlight = 1_000) =>
  RequestBudget.layer.pipe(
    Layer.provide(
      ScenarioConfig.layer({
        apiKey: Redacted.make("key"),
        apiSecret: Redacted.make("secret"),
        requestsPerMinute,
        requestsInFlight,
      }),
    ),
  )

/** Spends this many requests at once, and notes when each begins. */
const spendMany = Effect.fnUntraced(function* (count: number, durationMs = 0) {
  const budget = yield* RequestBudget
  const begun: Array<number> = []
  const request = Effect.gen(function* () {
    begun.push(yield* Clock.currentTimeMillis)
    yield* Effect.sleep(durationMs)
  })
  const fiber = yield* Effect.forkChild(
    Effect.forEach(Array.from({ length: count }), () => budget.spend("poll", request), {
      concurrency: "unbounded",
    }),
  )
  return { begun, fiber }
})

describe("getRequestDelay", () => {
  it.effect.prop(
    "begins at most `limit` requests in any window",
    { limit: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 120 })), seed: Schema.Int },
    ({ limit, seed }) =>
      Effect.sync(() => {
        const begun: Array<number> = []
        let now = 0
        for (let request = 0; request < 300; request++) {
          const inWindow = begun.filter((at) => at > now - budgetWindowMs)
          now += getRequestDelay({ begun: inWindow, limit, now })
          begun.push(now)
          now += Math.abs(Math.sin(seed + request)) * 700
        }
        for (const [index, at] of begun.entries()) {
          const later = begun[index + limit]
          if (later !== undefined) assert.isAtLeast(later - at, budgetWindowMs - 0.001)
        }
      }),
    { arbitrary: { runs: 30 } },
  )
})

describe("RequestBudget", () => {
  it.effect("sends a few requests at once", () =>
    Effect.gen(function* () {
      const { begun } = yield* spendMany(30)
      yield* Effect.yieldNow
      assert.strictEqual(begun.length, 30)
    }).pipe(Effect.provide(makeBudget(100))),
  )

  it.effect("spreads the rest of a burst over the minute", () =>
    Effect.gen(function* () {
      const { begun } = yield* spendMany(150)
      yield* TestClock.adjust("1 minute")
      assert.isAtMost(begun.length, 100)
      assert.isAtLeast(begun.length, 94)
      const gaps = begun.slice(34).map((at, index) => at - (begun[index + 33] ?? 0))
      assert.isAtMost(Math.max(...gaps), 1_500)
    }).pipe(Effect.provide(makeBudget(100))),
  )

  it.effect("limits the requests in flight", () =>
    Effect.gen(function* () {
      const { begun } = yield* spendMany(10, 1_000)
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(begun.length, 3)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(begun.length, 10)
    }).pipe(Effect.provide(makeBudget(100, 3))),
  )

  it.effect("sends a submit before a poll that waited first", () =>
    Effect.gen(function* () {
      const budget = yield* RequestBudget
      const order: Array<string> = []
      const spend = (purpose: "submit" | "poll") =>
        budget.spend(
          purpose,
          Effect.andThen(
            Effect.sync(() => order.push(purpose)),
            Effect.sleep("1 second"),
          ),
        )
      yield* Effect.forkChild(spend("poll"))
      yield* Effect.yieldNow
      yield* Effect.forkChild(spend("poll"))
      yield* Effect.forkChild(spend("submit"))
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(order, ["poll", "submit", "poll"])
    }).pipe(Effect.provide(makeBudget(100, 1))),
  )

  it.effect(
    "guarantees polls and assets their share during a flood of submits, and gives the submits the rest",
    () =>
      Effect.gen(function* () {
        const budget = yield* RequestBudget
        const counts = { submit: 0, resolve: 0, poll: 0 }
        const spend = (purpose: "submit" | "resolve" | "poll", times: number) =>
          Effect.forkChild(
            Effect.forEach(
              Array.from({ length: times }),
              () =>
                budget.spend(
                  purpose,
                  Effect.sync(() => (counts[purpose] += 1)),
                ),
              { concurrency: "unbounded" },
            ),
          )
        yield* spend("submit", 500)
        yield* spend("poll", 500)
        yield* spend("resolve", 10)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(counts.resolve, 10)
        assert.isAtLeast(counts.submit, 50)
        assert.isAtLeast(counts.poll, 18)
        assert.isAtMost(counts.poll, 25)
      }).pipe(Effect.provide(makeBudget(100))),
  )

  it.effect("gives the slot of an interrupted caller to the next one", () =>
    Effect.gen(function* () {
      const { begun, fiber } = yield* spendMany(5, 60_000)
      yield* Effect.yieldNow
      assert.strictEqual(begun.length, 1)
      yield* Fiber.interrupt(fiber)
      const next = yield* spendMany(1)
      yield* Effect.yieldNow
      assert.strictEqual(next.begun.length, 1)
    }).pipe(Effect.provide(makeBudget(100, 1))),
  )

  it.effect("does not send a request after its deadline", () =>
    Effect.gen(function* () {
      const budget = yield* RequestBudget
      yield* budget.slowDown({ sentAt: 0, retryAfterMs: 10_000 })
      let sent = 0
      const request = Effect.sync(() => (sent += 1))
      const late = yield* Effect.forkChild(Effect.flip(budget.spend("submit", request, 8_000)))
      const inTime = yield* Effect.forkChild(budget.spend("submit", request, 12_000))
      yield* TestClock.adjust("8 seconds")
      assert.strictEqual((yield* Fiber.join(late))._tag, "TurnTooLate")
      yield* TestClock.adjust("4 seconds")
      yield* Fiber.join(inTime)
      assert.strictEqual(sent, 1)
    }).pipe(Effect.provide(makeBudget(100))),
  )

  it.effect("halves the budget once for requests that were in flight together", () =>
    Effect.gen(function* () {
      const budget = yield* RequestBudget
      yield* TestClock.adjust("1 second")
      const slowDown = budget.slowDown({ sentAt: 900, retryAfterMs: 0 })
      yield* Effect.forEach(Array.from({ length: 8 }), () => slowDown)
      const { begun } = yield* spendMany(400)
      yield* TestClock.adjust("30 seconds")
      assert.isAtLeast(begun.length, 25)
    }).pipe(Effect.provide(makeBudget(100))),
  )

  it.effect("releases the slot of a caller that is interrupted at any step", () =>
    Effect.gen(function* () {
      const budget = yield* RequestBudget
      for (let steps = 0; steps < 12; steps++) {
        const holder = yield* Effect.forkChild(budget.spend("poll", Effect.sleep("1 second")))
        yield* Effect.yieldNow
        const caller = yield* Effect.forkChild(budget.spend("poll", Effect.void))
        yield* Effect.forkChild(TestClock.adjust("1 second"))
        for (let step = 0; step < steps; step++) yield* Effect.yieldNow
        yield* Fiber.interrupt(caller)
        yield* TestClock.adjust("2 seconds")
        yield* Fiber.await(holder)
      }
      let hasRun = false
      yield* Effect.forkChild(
        budget.spend(
          "poll",
          Effect.sync(() => (hasRun = true)),
        ),
      )
      yield* TestClock.adjust("10 seconds")
      assert.isTrue(hasRun)
    }).pipe(Effect.provide(makeBudget(1_000, 1))),
  )

  it.effect("halves on a 429, pauses for its Retry-After, and recovers slowly", () =>
    Effect.gen(function* () {
      const budget = yield* RequestBudget
      yield* budget.slowDown({ sentAt: 0, retryAfterMs: 10_000 })
      const { begun } = yield* spendMany(400)
      yield* TestClock.adjust("9 seconds")
      assert.strictEqual(begun.length, 0)
      yield* TestClock.adjust("51 seconds")
      assert.isAtLeast(begun.length, 40)
      assert.isAtMost(begun.length, 75)
      yield* TestClock.adjust("3 minutes")
      const lastMinute = begun.filter((at) => at > 180_000).length
      assert.isAtLeast(lastMinute, 90)
    }).pipe(Effect.provide(makeBudget(100))),
  )
})
