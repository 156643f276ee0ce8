import { listOfAll, makeObjectReader, text } from "../api/readers.ts"

/** Polling position: what a trigger has already reported. It is plain data, so it can be stored. */
export interface PollCursor {
  /** ISO date by Scenario's clock: everything created before it was reported, is in `late`, or is never reported. */
  readonly since: string
  /** The IDs that were created after `since` and reported. */
  readonly seenIds: ReadonlyArray<string>
  /** Items created before `since` that weren't ready. They are kept apart, so that a few long jobs don't hold `since` back. */
  readonly late: ReadonlyArray<{ readonly id: string; readonly createdAt: string }>
}

/** Reads a stored cursor; `undefined` if the value isn't one. */
export const readPollCursor: (value: unknown) => PollCursor | undefined = makeObjectReader(
  {},
  {
    since: text,
    seenIds: listOfAll(text),
    late: listOfAll(makeObjectReader({}, { id: text, createdAt: text })),
  },
)

/** An item of a list. It becomes ready some time after it appears. */
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
  /** Late entries that are ready now. */
  readonly lateReady: ReadonlyArray<Entry<A>>
  /** Late entries that aren't ready, or weren't read. The next poll reads the first of them first. */
  readonly stillLate: PollCursor["late"]
  /** Epoch milliseconds by Scenario's clock. */
  readonly now: number
}

/** How far back the first poll looks for entries that aren't ready yet, and how many it reads. */
export const maxFirstAgeMs = 24 * 60 * 60_000
export const maxFirstRows = 500

/** An entry can appear in the list this long after entries that were created later. */
const overlapMs = 5 * 60_000

/** Entries that aren't ready after this time are dropped. */
const maxPendingMs = 7 * 24 * 60 * 60_000

/** If more entries are late, `since` is held back, so that the list shows them. */
const maxLateItems = 20
const maxLate = 100

/** To show late entries, at most this many entries are listed again. */
const maxListedAgain = 300

/**
 * Returns what has become ready since the last poll. It reports each entry once, even if entries become ready out of order.
 * The first poll, without a cursor, reports nothing: what is ready by then counts as reported.
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
    // One millisecond less, because only entries created after `since` are listed again.
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

/** Moves `since` back if more pending entries would be late than there is room for. Both lists are ordered by age. */
const holdBack = (
  since: number,
  pending: ReadonlyArray<Entry<unknown>>,
  room: number,
  entries: ReadonlyArray<Entry<unknown>>,
): number => {
  const first = pending[Math.max(0, room)]
  if (first === undefined || first.createdAt > since) return since
  const oldestHeld = entries.at(-maxListedAgain - 1)?.createdAt ?? -Infinity
  return Math.min(since, Math.max(first.createdAt - 1, oldestHeld))
}

const byAge = (one: Entry<unknown>, other: Entry<unknown>): number => one.createdAt - other.createdAt

const toLate = ({ id, createdAt }: Entry<unknown>): PollCursor["late"][number] => ({
  id,
  createdAt: new Date(createdAt).toISOString(),
})
