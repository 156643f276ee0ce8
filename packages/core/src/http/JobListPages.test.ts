import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { ApiError } from "../errors.ts"
import type { ApiCall } from "./ApiCall.ts"
import { JobListPages } from "./JobListPages.ts"
import { ScenarioHttp } from "./ScenarioHttp.ts"

const refuse = (status: number) =>
  new ApiError({
    reason:
      status === 413
        ? { _tag: "Rejected", detail: "too large", status, issues: [] }
        : { _tag: "Unavailable", detail: "too large", status },
    request: "GET /jobs",
  })

/** An API whose pages can have at most `maxRows` rows. Records the page sizes of the requests. */
class Api {
  maxRows = 40
  status = 502
  /** How many of the next requests fail at any size. */
  failures = 0
  readonly sizes: Array<number> = []

  readonly layer = JobListPages.layer.pipe(
    Layer.provide(
      Layer.succeed(ScenarioHttp, {
        call: () => Effect.die(new Error("not needed")),
        callFor: (call, read) => this.#respond(call, read),
        serverTime: Effect.succeed(0),
        isServerTimeKnown: Effect.succeed(true),
      }),
    ),
  )

  #respond<A>(call: ApiCall, read: (body: unknown) => A | undefined): Effect.Effect<A, ApiError> {
    return Effect.suspend(() => {
      const size = Number(call.query?.["pageSize"])
      this.sizes.push(size)
      const value = read({ jobs: [] })
      if (size > this.maxRows || this.failures-- > 0) return Effect.fail(refuse(this.status))
      return value === undefined ? Effect.die(new Error("unreadable")) : Effect.succeed(value)
    })
  }

  /** Reads a page, and returns the sizes that it requested. */
  readonly read = (pageSize = 200) =>
    Effect.gen({ self: this }, function* () {
      const before = this.sizes.length
      const lists = yield* JobListPages
      yield* Effect.exit(lists.read({ query: { pageSize }, isRepeatable: false }, () => true))
      return this.sizes.slice(before)
    })
}

const withApi = (title: string, test: (api: Api) => Effect.Effect<void, never, JobListPages>) =>
  it.effect(title, () => {
    const api = new Api()
    return Effect.provide(test(api), api.layer)
  })

describe("JobListPages", () => {
  withApi("halves a page until it succeeds, and remembers the size", (api) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* api.read(), [200, 100, 50, 25])
      assert.deepStrictEqual(yield* api.read(), [25])
      assert.deepStrictEqual(yield* api.read(10), [10])
    }),
  )

  withApi("halves a page after a 413 too", (api) =>
    Effect.gen(function* () {
      api.status = 413
      assert.deepStrictEqual(yield* api.read(), [200, 100, 50, 25])
    }),
  )

  withApi("tries a larger page after five minutes, and returns to the smaller one if it fails", (api) =>
    Effect.gen(function* () {
      yield* api.read()
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(yield* api.read(), [38])
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(yield* api.read(), [57, 38])
      assert.deepStrictEqual(yield* api.read(), [38])
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(yield* api.read(), [38])
      api.maxRows = 200
      for (let hour = 0; hour < 6; hour++) {
        yield* TestClock.adjust("1 hour")
        yield* api.read()
      }
      assert.deepStrictEqual(yield* api.read(), [200])
    }),
  )

  withApi("retries a size that worked before it requests fewer rows", (api) =>
    Effect.gen(function* () {
      api.maxRows = 200
      yield* api.read()
      api.failures = 1
      assert.deepStrictEqual(yield* api.read(), [200, 200])
      assert.deepStrictEqual(yield* api.read(), [200])
    }),
  )

  withApi("tries smaller pages only once during an outage", (api) =>
    Effect.gen(function* () {
      api.maxRows = 0
      assert.deepStrictEqual(yield* api.read(), [200, 100, 50, 25, 12, 10])
      assert.deepStrictEqual(yield* api.read(), [200])
      api.maxRows = 200
      assert.deepStrictEqual(yield* api.read(), [200])
    }),
  )
})
