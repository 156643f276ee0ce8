import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { getCallbackContext } from "../src/delivery/Deliveries.ts"
import { Receivers } from "../src/delivery/Receivers.ts"
import { makeRelay } from "../src/relayLayer.ts"
import { replaceOldKeysOfWaits } from "../src/secrets/replaceOldKeys.ts"
import { SecretBox } from "../src/secrets/SecretBox.ts"
import type { StoredWait } from "../src/storage/StoredWait.ts"
import { WaitStore } from "../src/storage/WaitStore.ts"
import { getGenerationContext, getIntentContext } from "../src/watch/GenerationSubmitter.ts"
import { encryptionKey, makeSettings } from "./support/settings.ts"

const newKey = Buffer.alloc(32, 3)
const account = { baseUrl: "http://127.0.0.1:9/v1", apiKey: "key", apiSecret: "secret" }

const oldBox = SecretBox.pipe(Effect.provide(SecretBox.layer([encryptionKey])))
const newBox = SecretBox.pipe(Effect.provide(SecretBox.layer([newKey])))

const url = "https://receiver.example/1"
const makeWait = (waitId: string, box: SecretBox["Service"]): StoredWait => ({
  waitId,
  clientId: "backend",
  accountId: "main",
  ownerKey: "owner",
  state: "delivered",
  requestHash: "hash",
  callbackSealed: box.seal(url, getCallbackContext({ waitId })),
  callbackHash: "hash",
  options: {},
  generationSealed: box.seal("a prompt", getGenerationContext({ waitId })),
  intentSealed: box.seal("an intent", getIntentContext({ waitId })),
  jobs: [],
  createdAt: 0,
  expiresAt: 1,
  endedAt: 1,
  attempts: 1,
})

describe("a new encryption key", () => {
  it.effect("replaces the old one in every stored wait, so the old one can be removed", () =>
    Effect.gen(function* () {
      const store = yield* WaitStore
      const old = yield* oldBox
      const moved = { ...makeWait("wait_0001", old), waitId: "wait_0000" }
      yield* store.insert(moved)
      for (let one = 1; one <= 600; one++) yield* store.insert(makeWait(`wait_${1_000 + one}`, old))
      assert.strictEqual(yield* replaceOldKeysOfWaits, 1_800)

      const box = yield* newBox
      const wait = yield* store.get("wait_1600")
      assert.strictEqual(box.open(wait?.callbackSealed ?? "", "callback wait_1600"), url)
      assert.strictEqual(box.open(wait?.generationSealed ?? "", "generation wait_1600"), "a prompt")
      assert.strictEqual(box.open(wait?.intentSealed ?? "", "intent wait_1600"), "an intent")
      // What can't be decrypted stays as it is.
      assert.strictEqual((yield* store.get("wait_0000"))?.callbackSealed, moved.callbackSealed)
      assert.strictEqual(yield* replaceOldKeysOfWaits, 0)
    }).pipe(Effect.provide(makeRelay(makeSettings(account, { encryptionKeys: [newKey, encryptionKey] })))),
  )
})

describe("what receivers have said or done", () => {
  it.effect("is forgotten: a disabled callback after the retention of accounts", () =>
    Effect.gen(function* () {
      const store = yield* WaitStore
      yield* store.disableCallback(makeWait("wait_1", yield* oldBox), 0)
      yield* TestClock.adjust("23 hours")
      assert.isTrue(yield* store.isCallbackDisabled("backend", "hash"))
      yield* TestClock.adjust("2 hours")
      assert.isFalse(yield* store.isCallbackDisabled("backend", "hash"))
    }).pipe(Effect.provide(makeRelay(makeSettings(account, { accountRetention: Duration.days(1) })))),
  )

  it.effect("is forgotten: failures after an hour without an attempt", () =>
    Effect.gen(function* () {
      const receivers = yield* Receivers
      for (const receiver of ["https://one.example", "https://two.example"])
        yield* receivers.run(receiver, Effect.succeed(500), () => true)
      assert.strictEqual(receivers.getSize(), 2)
      yield* TestClock.adjust("50 minutes")
      yield* receivers.run("https://one.example", Effect.succeed(500), () => true)
      yield* TestClock.adjust("20 minutes")
      assert.strictEqual(receivers.getSize(), 1)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(receivers.getSize(), 0)
    }).pipe(Effect.provide(Receivers.layer)),
  )
})
