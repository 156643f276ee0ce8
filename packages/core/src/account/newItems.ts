import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Asset } from "../api/Asset.ts"
import { type Job, readJobResponse } from "../api/Job.ts"
import { lacksResult } from "../api/emptyResult.ts"
import { classifyJob } from "../api/jobStatus.ts"
import { compact } from "../api/readers.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { Assets } from "../resolve/Assets.ts"
import { isId } from "../api/ids.ts"
import { isGeneration } from "./finishedGenerations.ts"
import { AssetLibrary, type AssetListOptions } from "./AssetLibrary.ts"
import { JobList, type JobListOptions } from "./JobList.ts"
import { type Entry, maxFirstAgeMs, maxFirstRows, type PollCursor, takeNew } from "./PollCursor.ts"

export interface NewItems<A> {
  /** Ordered by creation. */
  readonly items: ReadonlyArray<A>
  /** Store it, and pass it to the next poll. */
  readonly cursor: PollCursor
}

/** At most this many jobs are read one by one in a poll. The next polls read the others. */
const maxJobReads = 5

/** Lists jobs that have ended since the last poll. Without `types`, only generations (`isGeneration`). */
export const listNewJobs = Effect.fn("scenario.listNewJobs")(function* (
  cursor: PollCursor | undefined,
  options: Pick<JobListOptions, "types" | "workflowId"> = {},
) {
  const http = yield* ScenarioHttp
  const jobs = yield* JobList
  return yield* listNew(cursor, jobs.list({ ...options, pageSize: 100 }), {
    identify: ({ jobId, createdAt }: Job) => ({ id: jobId, createdAt }),
    getReadiness: (job) => {
      if (options.types === undefined && !isGeneration(job)) return "never"
      return classifyJob(job) === "waiting" ? "pending" : "ready"
    },
    // The list can show a success before its result.
    needsReread: lacksResult,
    read: (jobId) =>
      http.callFor({ method: "GET", path: `/jobs/${encodeURIComponent(jobId)}`, jobId }, readJobResponse),
    maxReads: maxJobReads,
  })
})

/** Lists assets that have become ready since the last poll. */
export const listNewAssets = Effect.fn("scenario.listNewAssets")(function* (
  cursor: PollCursor | undefined,
  options: Omit<AssetListOptions, "sortBy" | "sortDirection" | "createdAfter" | "pageSize"> = {},
) {
  const library = yield* AssetLibrary
  const assets = yield* Assets
  const list = library.list({ ...options, sortBy: "createdAt", sortDirection: "desc", pageSize: 100 })
  return yield* listNew(cursor, list, {
    identify: ({ assetId, createdAt }: Asset) => ({ id: assetId, createdAt }),
    getReadiness: ({ status, url }) => {
      if (status === "error") return "never"
      return status === "success" && url !== "" ? "ready" : "pending"
    },
    needsReread: () => false,
    // Concurrent reads of assets share a request.
    read: (assetId) => assets.get(assetId),
    maxReads: Infinity,
  })
})

interface Source<A> {
  readonly identify: (item: A) => { readonly id: string; readonly createdAt: string | undefined }
  readonly getReadiness: (item: A) => "ready" | "pending" | "never"
  /** Whether the list isn't enough, so that the item must be read by itself. */
  readonly needsReread: (item: A) => boolean
  readonly read: (id: string) => Effect.Effect<A, ApiError | InvalidInput>
  /** Single items that one poll reads. */
  readonly maxReads: number
}

const listNew = Effect.fnUntraced(function* <A>(
  given: PollCursor | undefined,
  newestFirst: Stream.Stream<A, ApiError | InvalidInput>,
  source: Source<A>,
) {
  const now = yield* (yield* ScenarioHttp).serverTime
  // A stored cursor can be damaged. Then this counts as the first poll.
  const cursor = given === undefined || Number.isNaN(Date.parse(given.since)) ? undefined : given
  const since = cursor === undefined ? now - maxFirstAgeMs : Date.parse(cursor.since)
  const listed = yield* newestFirst.pipe(
    Stream.map((item) => toEntry(source, item, now)),
    Stream.takeWhile(({ createdAt }) => createdAt > since),
    Stream.take(cursor === undefined ? maxFirstRows : Infinity),
    Stream.runCollect,
  )
  const seen = new Set(cursor?.seenIds)
  const needsReread = ({ id, isReady, item }: Entry<A>) =>
    cursor !== undefined && isReady && !seen.has(id) && source.needsReread(item)
  const late = (cursor?.late ?? []).filter(({ id }) => isId(id))
  const turn = [...listed.filter(needsReread), ...late].slice(0, source.maxReads).map(({ id }) => id)
  const read = yield* readEach(source, turn, now)
  const lateRead = late.filter(({ id }) => read.has(id))
  const taken = takeNew({
    cursor,
    listed: listed
      .map((entry) => (needsReread(entry) ? (read.get(entry.id) ?? { ...entry, isReady: false }) : entry))
      .filter(({ item }) => source.getReadiness(item) !== "never"),
    lateReady: compact(lateRead.map(({ id }) => read.get(id))).filter(({ isReady }) => isReady),
    stillLate: [
      ...late.filter(({ id }) => !turn.includes(id)),
      ...late.filter(({ id }) => turn.includes(id) && isStillPending(source, read, id)),
    ],
    now,
  })
  const items: NewItems<A> = { items: taken.ready.map(({ item }) => item), cursor: taken.cursor }
  return items
})

/** Items by ID: `undefined` if it was deleted, and absent if it couldn't be read. */
type ReadItems<A> = ReadonlyMap<string, Entry<A> | undefined>

const readEach = <A>(
  source: Source<A>,
  ids: ReadonlyArray<string>,
  now: number,
): Effect.Effect<ReadItems<A>> =>
  Effect.forEach(ids, (id) => Effect.result(source.read(id)), { concurrency: "unbounded" }).pipe(
    Effect.map((results) => {
      const read = new Map<string, Entry<A> | undefined>()
      for (const [index, id] of ids.entries()) {
        const result = results[index]
        if (result === undefined) continue
        if (Result.isSuccess(result)) read.set(id, toEntry(source, result.success, now))
        else if (isDeleted(result.failure)) read.set(id, undefined)
      }
      return read
    }),
  )

const isDeleted = (error: ApiError | InvalidInput): boolean =>
  error._tag === "InvalidInput" || error.reason._tag === "NotFound"

/** Also true for an item that couldn't be read: a later poll tries again. */
const isStillPending = <A>(source: Source<A>, read: ReadItems<A>, id: string): boolean => {
  if (!read.has(id)) return true
  const entry = read.get(id)
  return entry !== undefined && source.getReadiness(entry.item) === "pending"
}

const toEntry = <A>(source: Source<A>, item: A, now: number): Entry<A> => {
  const { id, createdAt } = source.identify(item)
  const created = Date.parse(createdAt ?? "")
  return {
    id,
    createdAt: Number.isNaN(created) ? now : created,
    isReady: source.getReadiness(item) === "ready",
    item,
  }
}
