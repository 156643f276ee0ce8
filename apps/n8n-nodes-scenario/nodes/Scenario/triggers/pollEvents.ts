import { type AssetListOptions, AssetLibrary, type Job, JobList } from "@scenario-automation/core"
import {
  isGeneration,
  listNewAssets,
  listNewJobs,
  type PollCursor,
  readPollCursor,
} from "@scenario-automation/core/host"
import { classifyJob } from "@scenario-automation/core/job-status"
import { Effect, Stream } from "effect"
import type { IDataObject, INodeExecutionData, IPollFunctions } from "n8n-workflow"
import { runWithAccount } from "../account.ts"
import { BadParameter } from "../BadParameter.ts"
import { rejectWithNodeError } from "../nodeError.ts"
import { assetWriter, toJobJson } from "../output/toJson.ts"
import { readChoice } from "../readValues.ts"
import { toFilledList, isRecord, toText } from "../values.ts"
import { onePollAtATime } from "./onePollAtATime.ts"

/** Items that a test in the editor shows. */
const sampleSize = 3

/**
 * New events since the last poll, or null. The position is stored with the workflow, so that a restart neither misses nor
 * repeats events. A test in the editor shows the latest events, and doesn't change the position.
 */
export const pollEvents = async (host: IPollFunctions): Promise<INodeExecutionData[][] | null> => {
  if (host.getMode() === "manual") {
    const sample = await rejectWithNodeError(host, runWithAccount(host, readEventSource(host).sample))
    return [sample.map((json) => ({ json }))]
  }
  return (await onePollAtATime(host, () => readNew(host))) ?? null
}

const readNew = async (host: IPollFunctions): Promise<INodeExecutionData[][] | null> => {
  const watched = readEventSource(host)
  const kept = host.getWorkflowStaticData("node")
  // With another event, or other filters of the API, the position belongs to another list.
  const cursor = kept["watched"] === watched.key ? readPollCursor(kept["cursor"]) : undefined
  const { items, cursor: next } = await rejectWithNodeError(host, runWithAccount(host, watched.poll(cursor)))
  kept["watched"] = watched.key
  kept["cursor"] = {
    since: next.since,
    seenIds: [...next.seenIds],
    late: next.late.map((entry) => ({ ...entry })),
  }
  return items.length === 0 ? null : [items.map((json) => ({ json }))]
}

const readEventSource = (host: IPollFunctions) => {
  const filters = host.getNodeParameter("filters", {})
  const given = isRecord(filters) ? filters : {}
  return host.getNodeParameter("event") === "newAsset" ? makeAssetSource(given) : makeJobSource(given)
}

type Filters = Readonly<Record<string, unknown>>

const makeJobSource = (filters: Filters) => {
  const options = { types: toFilledList(filters["types"]) }
  const status = Object.hasOwn(filters, "status")
    ? readChoice("Status", filters["status"], {
        canceled: "Canceled",
        failure: "Failed",
        success: "Succeeded",
      })
    : undefined
  const modelId = toText(filters["modelId"])
  const isWanted = (job: Job) =>
    (status === undefined || classifyJob(job) === classifyJob({ status })) &&
    (modelId === undefined || job.modelId === modelId)
  return {
    key: JSON.stringify(["job", options]),
    poll: (cursor: PollCursor | undefined) =>
      Effect.map(listNewJobs(cursor, options), ({ items, cursor }) => ({
        items: items.filter(isWanted).map(toJobJson),
        cursor,
      })),
    sample: Effect.flatMap(JobList, (jobs) =>
      jobs.list({ ...options, pageSize: 50 }).pipe(
        Stream.take(200),
        Stream.filter((job) => options.types !== undefined || isGeneration(job)),
        Stream.filter((job) => classifyJob(job) !== "waiting" && isWanted(job)),
        takeLatest(
          toJobJson,
          "No matching job has finished yet. Run a generation in Scenario, then fetch again.",
        ),
      ),
    ),
  }
}

const makeAssetSource = (filters: Filters) => {
  const tags = toFilledList(filters["tags"]) ?? []
  const options: Pick<AssetListOptions, "types" | "collectionId"> = {
    types: toFilledList(filters["types"]),
    collectionId: toText(filters["collectionId"]),
  }
  // The API can't filter the account's own assets by tag.
  const isWanted = (asset: { readonly tags: ReadonlyArray<string> }) =>
    tags.every((tag) => asset.tags.includes(tag))
  return {
    key: JSON.stringify(["asset", options]),
    poll: (cursor: PollCursor | undefined) =>
      Effect.gen(function* () {
        const write = yield* assetWriter
        const { items, cursor: next } = yield* listNewAssets(cursor, options)
        return { items: items.filter(isWanted).map(write), cursor: next }
      }),
    sample: Effect.gen(function* () {
      const library = yield* AssetLibrary
      const write = yield* assetWriter
      const newest = library.list({ ...options, sortBy: "createdAt", sortDirection: "desc", pageSize: 50 })
      return yield* newest.pipe(
        Stream.take(200),
        Stream.filter(isWanted),
        takeLatest(
          write,
          "There is no matching asset yet. Generate or upload one in Scenario, then fetch again.",
        ),
      )
    }),
  }
}

/** Fails with `none` if the list is empty. */
const takeLatest =
  <A>(json: (entry: A) => IDataObject, none: string) =>
  <E, R>(list: Stream.Stream<A, E, R>): Effect.Effect<ReadonlyArray<IDataObject>, E | BadParameter, R> =>
    list.pipe(
      Stream.take(sampleSize),
      Stream.runCollect,
      Effect.flatMap((entries) =>
        entries.length === 0
          ? Effect.fail(new BadParameter({ message: none }))
          : Effect.succeed(entries.map(json)),
      ),
    )
