import { assert, describe } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Models } from "../src/account/Models.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { listQueries, listRequests } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

describe("models", () => {
  const getIds = (models: Iterable<{ readonly modelId: string }>) =>
    Array.from(models, ({ modelId }) => modelId)

  simulatedTest("are the account's own by default", function* (simulator) {
    const models = yield* Models
    const own = yield* Stream.runCollect(models.list())
    assert.include(getIds(own), "model_own-watercolor")
    assert.notInclude(getIds(own), "model_flux-1-dev")
    const shared = yield* Stream.runCollect(models.list({ privacy: "public" }))
    assert.include(getIds(shared), "model_flux-1-dev")
    const both = models.list({ privacy: "both" })
    for (const _ of ["first", "second"]) {
      assert.deepStrictEqual(getIds(yield* Stream.runCollect(both)), [...getIds(own), ...getIds(shared)])
    }
    assert.deepStrictEqual(listQueries(simulator)[0], {})
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("are filtered by type, tag, and status, if possible by the API", function* (simulator) {
    const models = yield* Models
    const [own] = yield* Stream.runCollect(models.list())
    const type = own?.type ?? ""
    assert.isTrue((yield* Stream.runCollect(models.list({ type }))).every((model) => model.type === type))
    const shared = yield* Stream.runCollect(models.list({ privacy: "public", type: "custom" }))
    assert.isAbove(shared.length, 0)
    assert.isTrue(shared.every((model) => model.type === "custom"))
    assert.deepStrictEqual(simulator.requests().at(-1)?.query, { type: "custom" })
    const unready = models.list({ privacy: "both", type: "custom", status: "training" })
    assert.deepStrictEqual(yield* Stream.runCollect(unready), [])
    assert.deepStrictEqual(yield* Stream.runCollect(models.list({ tags: ["unused tag"] })), [])
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("are read a page at a time, and only as far as needed", function* (simulator) {
    const models = yield* Models
    const list = models.list({ privacy: "public", pageSize: 2 })
    assert.strictEqual((yield* Stream.runCollect(Stream.take(list, 3))).length, 3)
    assert.strictEqual(simulator.requests().length, 2)
    const all = yield* Stream.runCollect(list)
    assert.strictEqual(new Set(getIds(all)).size, all.length)
  })

  simulatedTest("have their inputs, and are cached for five minutes", function* (simulator) {
    const models = yield* Models
    const model = yield* models.get("model_canvas-image-2")
    assert.isTrue(model.inputs?.some((input) => input.name === "prompt" && input.required?.always === true))
    yield* models.get("model_canvas-image-2")
    assert.strictEqual(simulator.requests().length, 1)
    yield* models.get("model_canvas-image-2", { fresh: true })
    assert.strictEqual(simulator.requests().length, 2)
    yield* Effect.sleep("6 minutes")
    yield* models.get("model_canvas-image-2")
    assert.strictEqual(simulator.requests().length, 3)
  })

  simulatedTest("of other accounts are read from the public models", function* (simulator) {
    simulator.faults.next("forbidden", { path: "/models/model_flux-1-dev" })
    const models = yield* Models
    assert.strictEqual((yield* models.get("model_flux-1-dev")).isCustom, false)
    assert.deepStrictEqual(listRequests(simulator), [
      "GET /models/model_flux-1-dev",
      "GET /models/public/model_flux-1-dev",
    ])
  })

  simulatedTest("that don't exist are NotFound, and requested again the next time", function* (simulator) {
    const models = yield* Models
    for (const requests of [2, 4]) {
      yield* expectApiError(models.get("model_unknown"), "NotFound")
      assert.strictEqual(simulator.requests().length, requests)
    }
  })

  simulatedTest("are read with one request, in the given order", function* (simulator) {
    const models = yield* Models
    const found = yield* models.getMany(["model_sdxl-base", "model_unknown", "model_flux-1-dev"])
    assert.deepStrictEqual(getIds(found), ["model_sdxl-base", "model_flux-1-dev"])
    assert.deepStrictEqual(listRequests(simulator), ["POST /models/get-bulk"])
    assert.deepStrictEqual(yield* models.getMany([]), [])
    assert.strictEqual(simulator.requests().length, 1)
  })

  simulatedTest("are searched a page at a time", function* (simulator) {
    const models = yield* Models
    const hits = yield* Stream.runCollect(models.search("model", { public: true, pageSize: 5 }))
    assert.isAbove(hits.length, 5)
    assert.strictEqual(new Set(getIds(hits)).size, hits.length)
    assert.deepStrictEqual(simulator.requests()[1]?.body, {
      query: "model",
      public: true,
      offset: 5,
      limit: 5,
    })
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("reject invalid arguments before a request is sent", function* (simulator) {
    const models = yield* Models
    yield* expectFailure(models.get(" "), "InvalidInput")
    yield* expectFailure(Stream.runCollect(models.list({ pageSize: 501 })), "InvalidInput")
    yield* expectFailure(Stream.runCollect(models.search("")), "InvalidInput")
    yield* expectFailure(Stream.runCollect(models.search("a", { pageSize: 0 })), "InvalidInput")
    yield* expectFailure(Stream.runCollect(models.list({ createdAfter: "yesterday" })), "InvalidInput")
    yield* expectFailure(Stream.runCollect(models.list({ sortBy: "createdAt" })), "InvalidInput")
    assert.deepStrictEqual(simulator.requests(), [])
  })
})
