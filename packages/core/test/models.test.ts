import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Models } from "../src/account/Models.ts"
import { queries, sent } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

describe("models", () => {
  const names = (models: Iterable<{ readonly modelId: string }>) =>
    Array.from(models, ({ modelId }) => modelId)

  it.effect("are the account's own unless said otherwise", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const own = yield* Stream.runCollect(models.list())
        assert.include(names(own), "model_own-watercolour")
        assert.notInclude(names(own), "model_flux-1-dev")
        const shared = yield* Stream.runCollect(models.list({ privacy: "public" }))
        assert.include(names(shared), "model_flux-1-dev")
        const both = models.list({ privacy: "both" })
        for (const _ of ["once", "and once more"]) {
          assert.deepStrictEqual(names(yield* Stream.runCollect(both)), [...names(own), ...names(shared)])
        }
        assert.deepStrictEqual(queries(simulator)[0], {})
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are filtered by type and tag, by the API where it can", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
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
        assert.deepStrictEqual(yield* Stream.runCollect(models.list({ tags: ["of nobody"] })), [])
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are read a page at a time, and no further than they are wanted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const list = models.list({ privacy: "public", pageSize: 2 })
        assert.strictEqual((yield* Stream.runCollect(Stream.take(list, 3))).length, 3)
        assert.strictEqual(simulator.requests().length, 2)
        const all = yield* Stream.runCollect(list)
        assert.strictEqual(new Set(names(all)).size, all.length)
      }),
    ),
  )

  it.effect("come with their inputs, and are remembered for five minutes", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const model = yield* models.get("model_canvas-image-2")
        assert.isTrue(
          model.inputs?.some((input) => input.name === "prompt" && input.required?.always === true),
        )
        yield* models.get("model_canvas-image-2")
        assert.strictEqual(simulator.requests().length, 1)
        yield* models.get("model_canvas-image-2", { fresh: true })
        assert.strictEqual(simulator.requests().length, 2)
        yield* Effect.sleep("6 minutes")
        yield* models.get("model_canvas-image-2")
        assert.strictEqual(simulator.requests().length, 3)
      }),
    ),
  )

  it.effect("of somebody else are looked for among the public ones", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("forbidden", { path: "/models/model_flux-1-dev" })
        const models = yield* Models
        assert.strictEqual((yield* models.get("model_flux-1-dev")).isCustom, false)
        assert.deepStrictEqual(sent(simulator), [
          "GET /models/model_flux-1-dev",
          "GET /models/public/model_flux-1-dev",
        ])
      }),
    ),
  )

  it.effect("that nobody knows are NotFound, and asked for again the next time", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        for (const requests of [2, 4]) {
          const error = yield* Effect.flip(models.get("model_of-nobody"))
          assert.strictEqual(error._tag === "ApiError" && error.reason._tag, "NotFound")
          assert.strictEqual(simulator.requests().length, requests)
        }
      }),
    ),
  )

  it.effect("are had many at once, in the order asked for", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const found = yield* models.getMany(["model_sdxl-base", "model_of-nobody", "model_flux-1-dev"])
        assert.deepStrictEqual(names(found), ["model_sdxl-base", "model_flux-1-dev"])
        assert.deepStrictEqual(sent(simulator), ["POST /models/get-bulk"])
        assert.deepStrictEqual(yield* models.getMany([]), [])
        assert.strictEqual(simulator.requests().length, 1)
      }),
    ),
  )

  it.effect("are searched a page at a time", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const hits = yield* Stream.runCollect(models.search("model", { public: true, pageSize: 5 }))
        assert.isAbove(hits.length, 5)
        assert.strictEqual(new Set(names(hits)).size, hits.length)
        assert.deepStrictEqual(simulator.requests()[1]?.body, {
          query: "model",
          public: true,
          offset: 5,
          limit: 5,
        })
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are not asked for by wrong arguments", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const errors = [
          yield* Effect.flip(models.get(" ")),
          yield* Effect.flip(Stream.runCollect(models.list({ pageSize: 501 }))),
          yield* Effect.flip(Stream.runCollect(models.search(""))),
          yield* Effect.flip(Stream.runCollect(models.search("a", { pageSize: 0 }))),
          yield* Effect.flip(Stream.runCollect(models.list({ createdAfter: "yesterday" }))),
          yield* Effect.flip(Stream.runCollect(models.list({ sortBy: "createdAt" }))),
        ]
        assert.deepStrictEqual(
          errors.map((error) => error._tag),
          errors.map(() => "InvalidInput" as const),
        )
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )
})
