import { Clock, Effect, Schema, Stream } from "effect"
import type { Asset } from "../api/Asset.ts"
import type { Job } from "../api/Job.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import { classifyJob } from "../watch/classifyJob.ts"
import { AssetLibrary, type AssetListOptions } from "./AssetLibrary.ts"
import { JobList, type JobListOptions } from "./JobList.ts"

/** How far somebody has read who asks again and again what is new. Plain data: it survives a restart. */
export const ArrivalCursor = Schema.Struct({
  /** ISO date by Scenario's clock: everything created before it has been told, or is never told. */
  floor: Schema.String,
  /** Ids created after the floor that have been told already. */
  told: Schema.Array(Schema.String),
})
export type ArrivalCursor = typeof ArrivalCursor.Type

export interface Arrivals<A> {
  /** In order of their creation. */
  readonly arrivals: ReadonlyArray<A>
  /** To keep for the next time. */
  readonly cursor: ArrivalCursor
}

/** An entry of a list that grows at one end, and whose entries are ready some time after they appear. */
export interface Arriving {
  readonly id: string
  /** ISO date. */
  readonly createdAt: string
  readonly isReady: boolean
}

/** Entries may be listed a while after others that were created later. */
const overlapMs = 5 * 60_000

/** What is still not ready after this long is waited for no longer: it would hold the floor down for ever. */
const longestPendingMs = 7 * 24 * 60 * 60_000

/** How far back the first reading looks for what is still on its way. */
const firstReachMs = 24 * 60 * 60_000

/**
 * What has become ready since the last time: nothing twice, and nothing missed that becomes ready out of order. The first
 * reading (without a cursor) tells nothing, and takes what is ready by then as known. `listed` are all entries created
 * after the cursor's floor, ready or not.
 */
export const takeArrivals = <A extends Arriving>(
  cursor: ArrivalCursor | undefined,
  listed: ReadonlyArray<A>,
  nowMs: number,
): Arrivals<A> => {
  const entries = [...new Map(listed.map((entry) => [entry.id, entry])).values()].toSorted(
    (one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt),
  )
  const told = new Set(cursor?.told)
  const arrivals = cursor === undefined ? [] : entries.filter(({ id, isReady }) => isReady && !told.has(id))
  const newestMs = Math.max(...entries.map(({ createdAt }) => Date.parse(createdAt)), floorMsOf(cursor) ?? 0)
  const pendingMs = entries
    .filter(({ isReady }) => !isReady)
    .map(({ createdAt }) => Date.parse(createdAt))
    .filter((createdMs) => createdMs > newestMs - longestPendingMs)
  const floorMs = Math.max(
    floorMsOf(cursor) ?? 0,
    // A millisecond before: what is created after the floor is listed again.
    Math.min((newestMs === 0 ? nowMs : newestMs) - overlapMs, ...pendingMs) - 1,
  )
  return {
    arrivals,
    cursor: {
      floor: new Date(floorMs).toISOString(),
      told: entries
        .filter(({ isReady, createdAt }) => isReady && Date.parse(createdAt) > floorMs)
        .map(({ id }) => id),
    },
  }
}

/** Jobs that have ended since the last time. */
export const jobArrivals = Effect.fn("jobArrivals")(function* (
  cursor: ArrivalCursor | undefined,
  options: Pick<JobListOptions, "types" | "workflowId"> = {},
) {
  const jobs = yield* JobList
  return yield* arrivalsOf(cursor, jobs.list({ ...options, pageSize: 100 }), (job: Job) => ({
    id: job.jobId,
    createdAt: job.createdAt,
    isReady: classifyJob(job) !== "waiting",
  }))
})

/** Assets that have become ready since the last time. */
export const assetArrivals = Effect.fn("assetArrivals")(function* (
  cursor: ArrivalCursor | undefined,
  options: Omit<AssetListOptions, "sortBy" | "sortDirection" | "createdAfter" | "pageSize"> = {},
) {
  const library = yield* AssetLibrary
  const list = library.list({ ...options, sortBy: "createdAt", sortDirection: "desc", pageSize: 100 })
  return yield* arrivalsOf(
    cursor,
    Stream.filter(list, ({ status }) => status !== "error"),
    (asset: Asset) => ({
      id: asset.assetId,
      createdAt: asset.createdAt,
      isReady: asset.status === "success" && asset.url !== "",
    }),
  )
})

const arrivalsOf = Effect.fnUntraced(function* <A>(
  cursor: ArrivalCursor | undefined,
  newestFirst: Stream.Stream<A, ApiError | InvalidInput>,
  read: (entry: A) => Omit<Arriving, "createdAt"> & { readonly createdAt: string | undefined },
) {
  const now = yield* Clock.currentTimeMillis
  const floorMs = floorMsOf(cursor) ?? now - firstReachMs
  const listed = yield* newestFirst.pipe(
    Stream.map((entry) => ({
      entry,
      ...read(entry),
      createdAt: read(entry).createdAt ?? new Date(now).toISOString(),
    })),
    Stream.takeWhile(({ createdAt }) => Date.parse(createdAt) > floorMs),
    Stream.runCollect,
  )
  const taken = takeArrivals(cursor, listed, now)
  const arrivals: Arrivals<A> = { arrivals: taken.arrivals.map(({ entry }) => entry), cursor: taken.cursor }
  return arrivals
})

const floorMsOf = (cursor: ArrivalCursor | undefined): number | undefined =>
  cursor === undefined ? undefined : Date.parse(cursor.floor)
