import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, type Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { Webhook } from "standardwebhooks"
import { Deliveries, getCallbackContext } from "../src/delivery/Deliveries.ts"
import { makeRelay } from "../src/relayLayer.ts"
import { SecretBox } from "../src/secrets/SecretBox.ts"
import type { RelaySettingsShape } from "../src/settings/RelaySettings.ts"
import type { StoredWait } from "../src/storage/StoredWait.ts"
import { WaitStore } from "../src/storage/WaitStore.ts"
import { type Receiver, startReceiver, until } from "./support/Receiver.ts"
import { makeSettings, signingSecret } from "./support/settings.ts"

/** The time is virtual, and the sockets are real. */
const withReceiver = <A, E>(
  use: (receiver: Receiver) => Effect.Effect<A, E, Layer.Success<ReturnType<typeof makeRelay>> | Scope.Scope>,
  settings: Partial<RelaySettingsShape> = {},
  secret?: string,
) =>
  Effect.acquireUseRelease(
    Effect.promise(() => startReceiver(secret)),
    (receiver) =>
      Effect.scoped(
        Effect.provide(use(receiver), makeRelay(makeSettings(noAccount, settings)), { local: true }),
      ),
    (receiver) => Effect.promise(() => receiver[Symbol.asyncDispose]()),
  )

const noAccount = { baseUrl: "http://127.0.0.1:9/v1", apiKey: "key", apiSecret: "secret" }

let lastWait = 0
const store = Effect.fnUntraced(function* (callbackUrl: string, changes: Partial<StoredWait> = {}) {
  const waitId = `wait_${(lastWait += 1)}`
  const wait: StoredWait = {
    waitId,
    clientId: "backend",
    accountId: "main",
    ownerKey: "owner",
    state: "delivering",
    requestHash: "hash",
    callbackSealed: (yield* SecretBox).seal(callbackUrl, getCallbackContext({ waitId })),
    callbackHash: callbackUrl,
    options: {},
    jobs: [{ jobId: "job_1", status: "success", assetIds: [] }],
    outcome: "succeeded",
    createdAt: 0,
    expiresAt: 1,
    endedAt: 0,
    attempts: 0,
    nextAttemptAt: 0,
    ...changes,
  }
  return yield* (yield* WaitStore).insert(wait)
})
const read = (waitId: string) => Effect.flatMap(WaitStore, (waits) => waits.get(waitId))
const listAttempts = (waitId: string) => Effect.flatMap(WaitStore, (waits) => waits.listAttempts(waitId))
const start = (wait: StoredWait) =>
  Effect.flatMap(Deliveries, (deliveries) => Effect.forkScoped(deliveries.deliver(wait)))

const letSocketsWork = Effect.promise(
  () =>
    new Promise((resolve) => {
      setTimeout(resolve, 5)
    }),
)
const untilTrue = (isTrue: () => boolean) => Effect.promise(() => until(isTrue))
const untilStored = (waitId: string, isTrue: (wait: StoredWait) => boolean) =>
  Effect.gen(function* () {
    for (let times = 0; times < 1_000; times++) {
      const wait = yield* read(waitId)
      if (wait !== undefined && isTrue(wait)) return wait
      yield* letSocketsWork
    }
    return yield* Effect.die(new Error("it wasn't stored"))
  })

describe("a delivery", () => {
  it.effect("is tried eight times in 27.6 hours with one ID, and is then a dead letter", () =>
    withReceiver(
      (receiver) =>
        Effect.gen(function* () {
          receiver.always(500)
          const wait = yield* store(receiver.url)
          yield* start(wait)
          yield* TestClock.adjust(0)
          yield* untilStored(wait.waitId, ({ attempts }) => attempts === 1)
          const delays = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]
          for (const [index, seconds] of delays.entries()) {
            yield* TestClock.adjust(Duration.millis(seconds * 1_000 - 1))
            assert.lengthOf(receiver.received, index + 1)
            yield* TestClock.adjust(1)
            yield* untilStored(wait.waitId, ({ attempts }) => attempts === index + 2)
          }
          const dead = yield* read(wait.waitId)
          assert.strictEqual(dead?.state, "dead")
          assert.strictEqual(dead?.lastError, "status 500")
          assert.lengthOf(receiver.received, 8)
          assert.deepStrictEqual([...new Set(receiver.received.map(({ id }) => id))], [wait.waitId])
          const times = new Set(receiver.received.map(({ headers }) => headers["webhook-timestamp"]))
          assert.strictEqual(times.size, 8)
          assert.lengthOf(yield* listAttempts(wait.waitId), 8)
        }),
      {},
      "",
    ),
  )

  it.effect("continues after a restart at the stored time, with the stored number of attempts", () =>
    withReceiver(
      (receiver) =>
        Effect.gen(function* () {
          const wait = yield* store(receiver.url, { attempts: 3, nextAttemptAt: 60_000 })
          const fiber = yield* start(wait)
          yield* TestClock.adjust(59_999)
          assert.lengthOf(receiver.received, 0)
          yield* TestClock.adjust(1)
          yield* Fiber.join(fiber)
          const delivered = yield* read(wait.waitId)
          assert.deepStrictEqual([delivered?.state, delivered?.attempts], ["delivered", 4])
        }),
      {},
      "",
    ),
  )

  it.effect("fails on a redirect, a reset, and a missing response, and then succeeds", () =>
    withReceiver(
      (receiver) =>
        Effect.gen(function* () {
          receiver.next(
            (response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
            "reset",
            "hang",
          )
          const wait = yield* store(receiver.url)
          yield* start(wait)
          yield* TestClock.adjust(0)
          yield* untilStored(wait.waitId, ({ attempts }) => attempts === 1)
          yield* TestClock.adjust("5 seconds")
          yield* untilStored(wait.waitId, ({ attempts }) => attempts === 2)
          yield* TestClock.adjust("5 minutes")
          yield* untilTrue(() => receiver.received.length === 3)
          yield* TestClock.adjust("15 seconds")
          yield* untilStored(wait.waitId, ({ attempts }) => attempts === 3)
          yield* TestClock.adjust("30 minutes")
          yield* untilStored(wait.waitId, ({ state }) => state === "delivered")
          const errors = (yield* listAttempts(wait.waitId)).map(({ error }) => error)
          assert.deepStrictEqual(errors, [
            "status 307; redirects aren't followed",
            "connection closed without a response",
            "no response within 15 s",
            undefined,
          ])
        }),
      {},
      "",
    ),
  )

  it.effect("stops at 410 and at the receiver's instruction, and a disabled URL is remembered", () =>
    withReceiver(
      (receiver) =>
        Effect.gen(function* () {
          receiver.next(410, (response) =>
            response.writeHead(500, { "webhook-delivery": "abort-message" }).end(),
          )
          for (const attempts of [1, 2]) {
            const wait = yield* store(receiver.url)
            yield* Fiber.join(yield* start(wait))
            assert.strictEqual((yield* read(wait.waitId))?.state, "dead", `attempt ${attempts}`)
          }
          receiver.next((response) => response.writeHead(400, { "webhook-delivery": "disable" }).end())
          const wait = yield* store(receiver.url)
          yield* Fiber.join(yield* start(wait))
          const waits = yield* WaitStore
          assert.isTrue(yield* waits.isCallbackDisabled("backend", wait.callbackHash))
          assert.isFalse(yield* waits.isCallbackDisabled("zapier", wait.callbackHash))
        }),
      {},
      "",
    ),
  )

  it.effect("waits for Retry-After", () =>
    withReceiver(
      (receiver) =>
        Effect.gen(function* () {
          receiver.next((response) => response.writeHead(429, { "retry-after": "120" }).end())
          const wait = yield* store(receiver.url)
          yield* start(wait)
          yield* TestClock.adjust(0)
          const stored = yield* untilStored(wait.waitId, ({ attempts }) => attempts === 1)
          assert.strictEqual(stored.nextAttemptAt, 120_000)
        }),
      {},
      "",
    ),
  )

  it.effect("is never sent to an inside address, whether by number or by name", () =>
    withReceiver(
      (receiver) =>
        Effect.gen(function* () {
          const port = new URL(receiver.url).port
          for (const [url, reason] of [
            [`https://127.0.0.1/`, "inside address"],
            ["https://localhost/", "the host's address isn't public"],
            [`http://localhost:${port}/`, "https"],
            ["https://169.254.169.254/latest", "inside address"],
            ["https://[::ffff:127.0.0.1]/", "inside address"],
          ] as const) {
            const wait = yield* store(url)
            yield* start(wait)
            yield* TestClock.adjust(0)
            const stored = yield* untilStored(wait.waitId, ({ attempts }) => attempts === 1)
            assert.include(stored.lastError, reason)
          }
          assert.lengthOf(receiver.received, 0)
        }),
      { allowedHosts: [] },
      "",
    ),
  )

  it.effect("carries a signature by each secret during a rotation", () =>
    withReceiver(
      (receiver) =>
        Effect.gen(function* () {
          yield* Fiber.join(yield* start(yield* store(receiver.url)))
          const [{ headers, text } = { headers: {}, text: "" }] = receiver.received
          const flat = Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [name, String(value)]),
          )
          const signatures = flat["webhook-signature"]?.split(" ") ?? []
          const at = new Date(Number(flat["webhook-timestamp"]) * 1_000)
          const expected = [newSecret, signingSecret].map((secret) =>
            new Webhook(secret).sign(flat["webhook-id"] ?? "", at, text),
          )
          assert.deepStrictEqual(signatures, expected)
        }),
      { signingSecrets: [newSecret, signingSecret] },
      "",
    ),
  )

  it.effect("to a receiver that is down doesn't delay another one", () =>
    withReceiver(
      (receiver) =>
        Effect.acquireUseRelease(
          Effect.promise(() => startReceiver("")),
          (healthy) =>
            Effect.gen(function* () {
              receiver.always("hang")
              for (let one = 0; one < 300; one++) yield* start(yield* store(receiver.url))
              yield* TestClock.adjust(0)
              yield* untilTrue(() => receiver.received.length === 16)
              yield* Fiber.join(yield* start(yield* store(healthy.url)))
              assert.lengthOf(healthy.received, 1)
              // The breaker opens at the fifth timeout: then single attempts try the receiver, at growing intervals.
              for (let seconds = 0; seconds < 600; seconds += 5) {
                yield* TestClock.adjust("5 seconds")
                yield* letSocketsWork
              }
              const tried = receiver.received.length
              assert.isAbove(tried, 21)
              assert.isBelow(tried, 40)
            }),
          (healthy) => Effect.promise(() => healthy[Symbol.asyncDispose]()),
        ),
      {},
      "",
    ),
  )
})

describe("a redelivery", () => {
  it.effect(
    "is one attempt that leaves the schedule as it is, and revives a dead letter if it is accepted",
    () =>
      withReceiver(
        (receiver) =>
          Effect.gen(function* () {
            const deliveries = yield* Deliveries
            const dead = yield* store(receiver.url, { state: "dead", attempts: 8, lastError: "status 500" })
            receiver.next(500)
            assert.strictEqual((yield* deliveries.redeliver(dead)).status, 500)
            assert.deepInclude(yield* read(dead.waitId), dead)
            assert.strictEqual((yield* deliveries.redeliver(dead)).status, 200)
            const revived = yield* read(dead.waitId)
            assert.deepStrictEqual([revived?.state, revived?.attempts], ["delivered", 8])
            const pending = yield* store(receiver.url, { attempts: 2, nextAttemptAt: 9e12 })
            yield* deliveries.redeliver(pending)
            assert.deepInclude(yield* read(pending.waitId), pending)
            assert.deepStrictEqual(
              (yield* listAttempts(dead.waitId)).map(({ kind }) => kind),
              ["redelivery", "redelivery"],
            )
          }),
        {},
        "",
      ),
  )
})

const newSecret = `whsec_${Buffer.alloc(32, 8).toString("base64")}`
