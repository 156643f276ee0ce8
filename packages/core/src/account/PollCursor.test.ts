import { assert, describe, it } from "vitest"
import { type Entry, type PollCursor, takeNew } from "./PollCursor.ts"

const minute = 60_000
const start = Date.parse("2026-11-24T12:00:00Z")

const entry = (id: string, minutes: number, isReady = true): Entry<string> => ({
  id,
  createdAt: start + minutes * minute,
  isReady,
  item: id,
})

type World = ReadonlyArray<Entry<string>>

/** Polls each of these worlds, one after another. Returns the IDs that each poll reports. */
const poll = (...worlds: ReadonlyArray<World>) => {
  let cursor: PollCursor | undefined
  let listed = 0
  const reported = worlds.map((world) => {
    const since = cursor === undefined ? 0 : Date.parse(cursor.since)
    const late = (cursor?.late ?? []).map(({ id }) => world.find((other) => other.id === id))
    const rows = world.filter(({ createdAt }) => createdAt > since)
    listed = rows.length
    const taken = takeNew({
      cursor,
      listed: rows,
      lateReady: late.filter((other) => other !== undefined).filter(({ isReady }) => isReady),
      stillLate: (cursor?.late ?? []).filter(
        ({ id }) => world.find((other) => other.id === id)?.isReady === false,
      ),
      now: start,
    })
    // The cursor is stored as JSON.
    cursor = JSON.parse(JSON.stringify(taken.cursor))
    return taken.ready.map(({ id }) => id)
  })
  return { reported, listed, cursor }
}

const reports = (...worlds: ReadonlyArray<World>) => poll(...worlds).reported

describe("takeNew", () => {
  it("reports nothing at first, and then new entries, ordered by creation", () => {
    const old = entry("old", 0)
    assert.deepStrictEqual(reports([old], [entry("b", 2), entry("a", 1), old], [entry("b", 2), old]), [
      [],
      ["a", "b"],
      [],
    ])
  })

  it("reports an entry that was pending at the first poll", () => {
    assert.deepStrictEqual(
      reports([entry("slow", 0, false), entry("done", 1)], [entry("slow", 0), entry("done", 1)]),
      [[], ["slow"]],
    )
  })

  it("reports an entry that is ready long after later ones", () => {
    const later = Array.from({ length: 5 }, (_, index) => entry(`later ${index}`, 60 + index))
    assert.deepStrictEqual(
      reports(
        [],
        [entry("slow", 1, false), ...later],
        [entry("slow", 1), ...later],
        [entry("slow", 1), ...later],
      ),
      [[], later.map(({ id }) => id), ["slow"], []],
    )
  })

  it("reports an entry that is listed later than newer ones", () => {
    assert.deepStrictEqual(
      reports([entry("x", 0)], [entry("b", 3), entry("x", 0)], [entry("a", 2), entry("b", 3)]),
      [[], ["b"], ["a"]],
    )
  })

  it("reports an entry once, even if the list repeats it", () => {
    const a = entry("a", 1)
    assert.deepStrictEqual(reports([], [a, a], [a]), [[], ["a"], []])
  })

  it("reports the very first entry of an account", () => {
    assert.deepStrictEqual(reports([], [entry("first", 1)]), [[], ["first"]])
  })

  it("lists and stores little while one job waits for days", () => {
    const waiting = entry("waiting", 0, false)
    const others = Array.from({ length: 3_000 }, (_, index) => entry(`other ${index}`, 1 + index))
    const { listed, cursor, reported } = poll(
      [],
      [waiting, ...others],
      [waiting, ...others],
      [entry("waiting", 0), ...others],
    )
    assert.isAtMost(listed, 10)
    assert.isBelow(JSON.stringify(cursor).length, 1_000)
    assert.deepStrictEqual(reported.at(-1), ["waiting"])
  })

  it("lists and stores a bounded number while thousands are pending", () => {
    const pending = Array.from({ length: 5_000 }, (_, index) => entry(`pending ${index}`, index, false))
    const { listed, cursor } = poll([], pending, pending)
    assert.isAtMost(listed, 310)
    assert.isAtMost(cursor?.late.length ?? 0, 100)
    assert.isBelow(JSON.stringify(cursor).length, 10_000)
  })

  it("drops an entry that isn't ready after a week", () => {
    const stuck = entry("stuck", 0, false)
    const week = 7 * 24 * 60
    const { cursor } = poll([stuck], [stuck, entry("now", week + 1)])
    assert.deepStrictEqual(cursor?.late, [])
    assert.isAbove(Date.parse(cursor?.since ?? ""), stuck.createdAt)
  })
})
