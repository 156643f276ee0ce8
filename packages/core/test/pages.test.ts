import { assert, describe } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { AssetLibrary } from "../src/account/AssetLibrary.ts"
import { JobList } from "../src/account/JobList.ts"
import { Models } from "../src/account/Models.ts"
import { Workflows } from "../src/account/Workflows.ts"
import type { Page } from "../src/api/Page.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { simulatedTest } from "./support/simulation.ts"

/** Reads all pages, each with the token of the previous one. */
const readAll = Effect.fnUntraced(function* <A, E, R>(
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

describe("a list that is read by pages", () => {
  simulatedTest("has the same items as the list as a stream", function* (simulator) {
    for (let index = 0; index < 5; index++) {
      simulator.addJob({ ageMs: 60_000 })
      simulator.addAsset({ name: `asset ${index}` })
    }
    const models = yield* Models
    const shared = { privacy: "public", pageSize: 3 } as const
    assert.deepStrictEqual(
      yield* readAll((paginationToken) => models.page({ ...shared, paginationToken })),
      yield* Stream.runCollect(models.list(shared)),
    )
    const jobs = yield* JobList
    assert.strictEqual(
      (yield* readAll((paginationToken) => jobs.page({ pageSize: 2, paginationToken }))).length,
      5,
    )
    const library = yield* AssetLibrary
    assert.strictEqual(
      (yield* readAll((paginationToken) => library.page({ pageSize: 2, paginationToken }))).length,
      5,
    )
    const workflows = yield* Workflows
    assert.deepStrictEqual(
      yield* readAll((paginationToken) => workflows.page({ pageSize: 1, paginationToken })),
      yield* Stream.runCollect(workflows.list()),
    )
  })

  simulatedTest("rejects a page size above the API's maximum", function* (simulator) {
    const jobs = yield* JobList
    yield* expectFailure(jobs.page({ pageSize: 201 }), "InvalidInput")
    assert.deepStrictEqual(simulator.requests(), [])
  })
})
