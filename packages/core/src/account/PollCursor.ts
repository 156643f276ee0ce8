import { listOfAll, makeObjectReader, type Reader, text } from "../api/readers.ts"

/** Polling position: what a trigger has already reported. Plain data: it survives a restart. */
export interface PollCursor {
  /** ISO date by Scenario's clock: everything created before it was reported, is in `late`, or is never reported. */
  readonly since: string
  /** Ids created after `since` that were reported. */
  readonly seenIds: ReadonlyArray<string>
  /** What was created before `since` and wasn't ready: a few long jobs must not hold `since` back. */
  readonly late: ReadonlyArray<{ readonly id: string; readonly createdAt: string }>
}

/** Reads a cursor that was kept; `undefined` if it isn't one. */
export const readPollCursor: Reader<PollCursor> = makeObjectReader(
  {},
  {
    since: text,
    seenIds: listOfAll(text),
    late: listOfAll(makeObjectReader({}, { id: text, createdAt: text })),
  },
)

/** An entry of a list that grows at one end, and whose entries become ready some time after they appear. */
export interface Entry<A> {
  readonly id: string
  /** Epoch milliseconds by Scenario's clock. */
  readonly createdAt: number
  readonly isReady: boolean
  readonly item: A
}

/** What one poll has found. */
export interface Found<A> {
  readonly cursor: PollCursor | undefined
  /** All entries created after the cursor's `since`, ready or not. */
  readonly listed: ReadonlyArray<Entry<A>>
  /** Late entries that have become ready. */
  readonly lateReady: ReadonlyArray<Entry<A>>
  /** Those that have not, and those that were not read. The first are read first at the next poll. */
  readonly stillLate: PollCursor["late"]
  /** Epoch milliseconds by Scenario's clock. */
  readonly now: number
}

/** How far back the first poll looks for what isn't ready yet, and how many entries it reads at most. */
export const firstReachMs = 24 * 60 * 60_000
export const maxFirstRows = 500

/** An entry may be listed this long after others that were created later. */
const overlapMs = 5 * 60_000

/** What is still not ready after this long is given up. */
const maxPendingMs = 7 * 24 * 60 * 60_000

/** This many late entries are read by themselves; if there are more, `since` is held back for them. */
const maxLateItems = 20
const maxLate = 100

/** For late entries, no more than this many entries are listed again. */
const maxHeldRows = 300

/**
 * What has become ready since the last poll: nothing twice, and nothing missed that becomes ready out of order. The first
 * poll (without a cursor) reports nothing, and takes what is ready by then as reported.
 */
export const takeNew = <A>({
  cursor,
  listed,
  lateReady,
  stillLate,
  now,
}: Found<A>): { readonly ready: ReadonlyArray<Entry<A>>; readonly cursor: PollCursor } => {
  const entries = [...new Map(listed.map((entry) => [entry.id, entry])).values()].toSorted(byAge)
  const seen = new Set(cursor?.seenIds)
  const ready = [...lateReady, ...entries.filter(({ id, isReady }) => isReady && !seen.has(id))]
  const before = cursor === undefined ? 0 : Date.parse(cursor.since)
  const newest = Math.max(before, entries.at(-1)?.createdAt ?? 0)
  const isPending = (createdAt: number) => createdAt > newest - maxPendingMs
  const pending = entries.filter(({ isReady, createdAt }) => !isReady && isPending(createdAt))
  const late = stillLate.filter(({ createdAt }) => isPending(Date.parse(createdAt)))
  const since = Math.max(
    before,
    // A millisecond before: what is created after `since` is listed again.
    holdBack((newest === 0 ? now : newest) - overlapMs - 1, pending, maxLateItems - late.length, entries),
  )
  const newlyLate = pending.filter(({ createdAt }) => createdAt <= since).map(toLate)
  return {
    ready: cursor === undefined ? [] : ready.toSorted(byAge),
    cursor: {
      since: new Date(since).toISOString(),
      seenIds: entries.filter(({ isReady, createdAt }) => isReady && createdAt > since).map(({ id }) => id),
      late: [...late, ...newlyLate].slice(-maxLate),
    },
  }
}

/** `since`, or earlier if more pending entries would be late than there is room for. Both lists are ordered by age. */
const holdBack = (
  since: number,
  pending: ReadonlyArray<Entry<unknown>>,
  room: number,
  entries: ReadonlyArray<Entry<unknown>>,
): number => {
  const first = pending[Math.max(0, room)]
  if (first === undefined || first.createdAt > since) return since
  const oldestHeld = entries.at(-maxHeldRows - 1)?.createdAt ?? -Infinity
  return Math.min(since, Math.max(first.createdAt - 1, oldestHeld))
}

const byAge = (one: Entry<unknown>, other: Entry<unknown>): number => one.createdAt - other.createdAt

const toLate = ({ id, createdAt }: Entry<unknown>): PollCursor["late"][number] => ({
  id,
  createdAt: new Date(createdAt).toISOString(),
})
