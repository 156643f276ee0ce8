import {
  type Asset,
  type Collection,
  type Generated,
  type Job,
  type Model,
  ScenarioConfig,
  thumbnailUrl,
  type Workflow,
} from "@scenario-automation/core"
import { isLinkedAsset } from "@scenario-automation/core/host"
import { classifyJob } from "@scenario-automation/core/job-status"
import type { IDataObject } from "n8n-workflow"

/** Removes `undefined`, which n8n's items can't hold. */
export const toPlainJson = (value: object): IDataObject => JSON.parse(JSON.stringify(value))

export const toAssetJson = (asset: Asset): IDataObject => {
  const { assetId, url, kind, mimeType, name, width, height, duration, bytes, seed, prompt } = asset
  return toPlainJson({
    assetId,
    url,
    kind,
    mimeType,
    name,
    width,
    height,
    duration,
    bytes,
    seed,
    prompt,
    text: asset.text,
    modelId: asset.modelId,
    jobId: asset.parentJobId,
    originalUrl: asset.originalUrl,
    tags: asset.tags,
    collectionIds: asset.collectionIds,
    createdAt: asset.createdAt,
    status: asset.status,
  })
}

/** An asset's JSON with its preview, which stays after `url` has expired. */
export const assetWriter = ScenarioConfig.useSync(({ cdnUrl }) => (asset: Asset): IDataObject => {
  const { assetId, url, ...others } = toAssetJson(asset)
  if (isLinkedAsset(asset)) return { assetId, url, ...others }
  return { assetId, url, thumbnailUrl: thumbnailUrl(asset.assetId, cdnUrl), ...others }
})

/**
 * A job with times from its history. `error` is renamed, because n8n takes an item with that key for a failure.
 */
export const toJobJson = ({ error, ...job }: Job): IDataObject =>
  toPlainJson({
    ...job,
    errorMessage: error,
    statusHistory: undefined,
    ...getTimes(job),
    steps: job.steps.length === 0 ? undefined : job.steps,
  })

/** A generation's job, without its assets and output. */
export const toGeneratedJson = ({ job, cost, snapshot }: Generated): IDataObject =>
  toPlainJson({
    jobId: job.jobId,
    status: snapshot?.status ?? "success",
    modelId: job.modelId ?? snapshot?.modelId,
    cost,
    warning: snapshot?.error,
    submittedAt: job.submittedAt,
    ...(snapshot === undefined ? {} : getTimes(snapshot)),
  })

const getTimes = ({ statusHistory, createdAt, updatedAt, status }: Omit<Job, "error">) => {
  const begun = statusHistory.find((change) => change.status === "in-progress")?.date
  const hasEnded = classifyJob({ status }) !== "waiting"
  const ended = hasEnded
    ? (statusHistory.findLast((change) => change.status === status)?.date ?? updatedAt)
    : undefined
  return {
    finishedAt: ended,
    waitedSeconds: getSecondsBetween(createdAt, begun),
    seconds: getSecondsBetween(createdAt, ended),
  }
}

const getSecondsBetween = (from: string | undefined, to: string | undefined): number | undefined => {
  const seconds = (Date.parse(to ?? "") - Date.parse(from ?? "")) / 1000
  return Number.isNaN(seconds) ? undefined : Math.round(seconds * 10) / 10
}

export const toModelJson = (model: Model): IDataObject =>
  toPlainJson({
    ...model,
    exampleAssetIds: undefined,
    thumbnail: undefined,
    thumbnailUrl: model.thumbnail?.url,
  })

export const toWorkflowJson = (workflow: Workflow): IDataObject =>
  toPlainJson({ ...workflow, before: undefined, after: undefined })

export const toCollectionJson = (collection: Collection): IDataObject =>
  toPlainJson({ ...collection, thumbnail: undefined })
