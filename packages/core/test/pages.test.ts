import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { AssetLibrary } from "../src/account/AssetLibrary.ts"
import { JobList } from "../src/account/JobList.ts"
import { Models } from "../src/account/Models.ts"
import { Workflows } from "../src/account/Workflows.ts"
import type { Page } from "../src/api/Page.ts"
import { simulate } from "./support/simulation.ts"

/** Every page, as a host asks for them: each with the token of the one before. */
const allOf = Effect.fnUntraced(function* <A, E, R>(
  page: (paginationToken: string | undefined) => Effect.Effect<Page<A>, E, R>,
) {
  const items: Array<A> = []
  let token: string | undefined
  do {
    const { items: more, nextToken }: Page<A> = yield* page(token)
    items.push(...more)
    token = nextToken
  } while (token !== undefined)
  return items
})

describe("a list by pages", () => {
  it.effect("says the same as the whole list", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (let index = 0; index < 5; index++) {
          simulator.addJob({ ageMs: 60_000 })
          simulator.addAsset({ name: `asset ${index}` })
        }
        const models = yield* Models
        const shared = { privacy: "public", pageSize: 3 } as const
        assert.deepStrictEqual(
          yield* allOf((paginationToken) => models.page({ ...shared, paginationToken })),
          yield* Stream.runCollect(models.list(shared)),
        )
        const jobs = yield* JobList
        assert.strictEqual(
          (yield* allOf((paginationToken) => jobs.page({ pageSize: 2, paginationToken }))).length,
          5,
        )
        const library = yield* AssetLibrary
        assert.strictEqual(
          (yield* allOf((paginationToken) => library.page({ pageSize: 2, paginationToken }))).length,
          5,
        )
        const workflows = yield* Workflows
        assert.deepStrictEqual(
          yield* allOf((paginationToken) => workflows.page({ pageSize: 1, paginationToken })),
          yield* Stream.runCollect(workflows.list()),
        )
      }),
    ),
  )

  it.effect("is refused in a size that the API does not have", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobs = yield* JobList
        assert.strictEqual((yield* Effect.flip(jobs.page({ pageSize: 201 })))._tag, "InvalidInput")
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )
})
