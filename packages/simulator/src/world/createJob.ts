import type { Json, JsonObject } from "../json.ts"
import type { AssetSpec } from "../media/AssetSpec.ts"
import { createRandom } from "../seeded.ts"
import type { AssetRecord } from "./AssetRecord.ts"
import type { JobPlan, JobRecord } from "./JobRecord.ts"
import { type DurationKind, chooseDuration, planTimeline, type StatusChange } from "./jobTimeline.ts"
import type { World } from "./World.ts"

/** An asset that a job will make, before it has an ID. */
export interface NewAsset {
  readonly spec: AssetSpec
  readonly metadataType: string
  readonly source: string
  readonly metadata?: JsonObject
  readonly parentId?: string | undefined
  readonly modelId?: string | undefined
  readonly inferenceId?: string | undefined
  readonly collectionIds?: ReadonlyArray<string>
}

/** The part of a workflow's run that its job needs. */
interface PlannedRun {
  readonly timeline: ReadonlyArray<StatusChange>
  /** Grows during the run. */
  readonly assetIds: ReadonlyArray<string>
  readonly getFlow: (now: number) => ReadonlyArray<JsonObject>
}

export interface NewJob {
  readonly jobType: string
  /** Below `/v1`, for the ledger. */
  readonly endpoint: string
  readonly input: JsonObject
  readonly duration: DurationKind
  /** Compute units. Absent if the job isn't charged. */
  readonly price?: number
  readonly modelId?: string | undefined
  readonly output?: JsonObject
  /** Default 0. */
  readonly assetCount?: number
  readonly getAsset?: (index: number) => NewAsset
  /** Whether its assets are visible, as pending, from the start. */
  readonly showsAssetsAtOnce?: boolean
  /** Whether it is done when it is accepted, as for endpoints that respond with text. */
  readonly isInstant?: boolean
  /** Replaces the random duration. */
  readonly durationMs?: number
  readonly workflowId?: string
  readonly workflowRun?: PlannedRun
  /** How long after its creation it is listed, in simulated ms. */
  readonly listedAfterMs?: number | undefined
}

/** Creates a job: plans its timeline, makes its assets, and charges for it. */
export const createJob = (world: World, newJob: NewJob): JobRecord => {
  // Plans apply to generations only: uploads, zips, and workflows don't consume them.
  const isGeneration = newJob.price !== undefined && newJob.workflowRun === undefined
  const plan: JobPlan = isGeneration ? (world.plannedJobs.shift() ?? {}) : {}
  const now = world.clock.now()
  const jobId = plan.jobId ?? world.identifiers.next("job_")
  const timeline = newJob.workflowRun?.timeline ?? makeTimeline(world, newJob, plan, jobId, now)
  const assetIds =
    newJob.workflowRun?.assetIds ??
    makeAssets(world, newJob, plan, { jobId, now, readyAt: timeline.at(-1)?.at ?? now })
  const job: JobRecord = {
    jobId,
    jobType: newJob.jobType,
    createdAt: now,
    timeline,
    progress: plan.progress ?? "smooth",
    authorId: world.authorId,
    ownerId: world.settings.projectId,
    input: newJob.input,
    modelId: newJob.modelId,
    assetIds,
    output: newJob.output,
    error: plan.error,
    hint: plan.hint ?? (plan.outcome === "failure" ? "Change the prompt and try again." : undefined),
    disableRefund: plan.disableRefund ?? false,
    price: newJob.price,
    vanishesAt: plan.vanishAfterMs === undefined ? undefined : now + plan.vanishAfterMs,
    hidesResults: newJob.input["hideResults"] === true,
    workflowId: newJob.workflowId,
    listedFrom: now + (newJob.listedAfterMs ?? 0),
    flow: newJob.workflowRun === undefined ? undefined : (at) => newJob.workflowRun?.getFlow(at) ?? [],
  }
  world.jobs.add(job)
  if (newJob.price !== undefined) {
    world.ledger.charge({
      jobId,
      at: now,
      endpoint: newJob.endpoint,
      price: newJob.price,
      body: newJob.input,
    })
  }
  return job
}

const makeAssets = (
  world: World,
  { getAsset, assetCount = 0, showsAssetsAtOnce }: NewJob,
  plan: JobPlan,
  { jobId, now, readyAt }: { readonly jobId: string; readonly now: number; readonly readyAt: number },
): ReadonlyArray<string> => {
  if (getAsset === undefined) return []
  return Array.from({ length: plan.assetCount ?? assetCount }, (_, index) => {
    const createdAt = showsAssetsAtOnce === true ? now : readyAt
    const asset = createAssetRecord(world, getAsset(index), { jobId, index, createdAt, readyAt })
    world.assets.add(asset)
    return asset.id
  })
}

const makeTimeline = (
  world: World,
  newJob: NewJob,
  plan: JobPlan,
  jobId: string,
  now: number,
): ReadonlyArray<StatusChange> => {
  const random = createRandom(`${world.settings.seed}/duration/${jobId}`)
  const randomMs = chooseDuration(newJob.duration, random, world.settings.medianDurationsMs)
  const isCold = random() < 0.3
  const otherMs = newJob.price === undefined ? randomMs : (world.settings.jobDurationMs ?? randomMs)
  const durationMs = plan.durationMs ?? newJob.durationMs ?? (newJob.isInstant === true ? 0 : otherMs)
  return planTimeline({
    startsAt: now,
    durationMs,
    outcome: plan.outcome ?? "success",
    isCold,
    statuses: plan.statuses,
    unknownStatus: plan.unknownStatus,
  })
}

export const createAssetRecord = (
  world: World,
  asset: NewAsset,
  origin: {
    readonly jobId: string | undefined
    readonly index: number | undefined
    readonly createdAt: number
    readonly readyAt: number
  },
): AssetRecord => ({
  id: world.identifiers.next("asset_"),
  createdAt: origin.createdAt,
  updatedAt: origin.createdAt,
  visibleFrom: origin.createdAt,
  readyAt: origin.readyAt,
  jobId: origin.jobId,
  isShownEarly: origin.createdAt < origin.readyAt,
  authorId: world.authorId,
  ownerId: world.settings.projectId,
  source: asset.source,
  metadataType: asset.metadataType,
  metadata: asset.metadata ?? {},
  spec:
    world.settings.pictures === "plain" && asset.spec.bytes === undefined
      ? { ...asset.spec, style: "plain" }
      : asset.spec,
  outputIndex: origin.index,
  parentId: asset.parentId,
  modelId: asset.modelId,
  inferenceId: asset.inferenceId,
  collectionIds: new Set(asset.collectionIds),
  tags: new Set(),
  isPublic: false,
  isHidden: false,
  name: undefined,
  description: undefined,
  lockId: undefined,
})

/** Varies a price a little by the seed, in quarters of a compute unit. */
export const varyPrice = (world: World, key: string, price: number): number => {
  const factor = 0.9 + 0.2 * createRandom(`${world.settings.seed}/price/${key}`)()
  return Math.max(0.25, Math.round(price * factor * 4) / 4)
}

/** The prompt of a body, in any of the members that can contain it. */
export const readPrompt = (body: JsonObject): string => {
  const named: Json | undefined = body["prompt"] ?? body["text"]
  if (typeof named === "string") return named
  const shots = body["shots"]
  const first = Array.isArray(shots) ? shots[0] : undefined
  return typeof first === "object" && first !== null && "prompt" in first ? String(first["prompt"]) : ""
}
