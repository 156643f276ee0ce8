import { assert, describe, it } from "vitest"
import { type ArrivalCursor, type Arriving, takeArrivals } from "./arrivals.ts"

const minute = 60_000
const start = Date.parse("2026-11-24T12:00:00Z")

const entry = (id: string, minutes: number, isReady = true): Arriving => ({
  id,
  createdAt: new Date(start + minutes * minute).toISOString(),
  isReady,
})

/** Reads a list again and again, each time what is created after the floor; gives the ids told each time. */
const read = (...lists: ReadonlyArray<ReadonlyArray<Arriving>>): ReadonlyArray<ReadonlyArray<string>> => {
  let cursor: ArrivalCursor | undefined
  return lists.map((list) => {
    const floor: string = cursor?.floor ?? ""
    const taken = takeArrivals(
      cursor,
      list.filter(({ createdAt }) => createdAt > floor),
      start,
    )
    // What survives a restart is its JSON.
    cursor = JSON.parse(JSON.stringify(taken.cursor))
    return taken.arrivals.map(({ id }) => id)
  })
}

describe("what has arrived", () => {
  it("is nothing at first, and then what is new, in order of creation", () => {
    const old = entry("old", 0)
    assert.deepStrictEqual(read([old], [entry("b", 2), entry("a", 1), old], [entry("b", 2), old]), [
      [],
      ["a", "b"],
      [],
    ])
  })

  it("includes what was on its way at first", () => {
    assert.deepStrictEqual(
      read([entry("slow", 0, false), entry("done", 1)], [entry("slow", 0), entry("done", 1)]),
      [[], ["slow"]],
    )
  })

  it("includes what is ready long after others that were created later", () => {
    const later = Array.from({ length: 5 }, (_, index) => entry(`later ${index}`, 60 + index))
    assert.deepStrictEqual(
      read(
        [],
        [entry("slow", 1, false), ...later],
        [entry("slow", 1), ...later],
        [entry("slow", 1), ...later],
      ),
      [[], later.map(({ id }) => id), ["slow"], []],
    )
  })

  it("includes what is listed a while after its neighbours", () => {
    assert.deepStrictEqual(
      read([entry("x", 0)], [entry("b", 3), entry("x", 0)], [entry("a", 2), entry("b", 3)]),
      [[], ["b"], ["a"]],
    )
  })

  it("tells nothing twice, also where a page is listed twice", () => {
    const a = entry("a", 1)
    assert.deepStrictEqual(read([], [a, a], [a]), [[], ["a"], []])
  })

  it("is not held down for ever by what never gets ready", () => {
    const stuck = entry("stuck", 0, false)
    const week = 7 * 24 * 60
    const { cursor } = takeArrivals(undefined, [stuck, entry("now", week + 1)], start)
    assert.isAbove(Date.parse(cursor.floor), Date.parse(stuck.createdAt))
  })

  it("begins with what is created from now on, where there is nothing yet", () => {
    assert.deepStrictEqual(read([], [entry("first", 1)]), [[], ["first"]])
  })
})
