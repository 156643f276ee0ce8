import type { Asset, Collection, Generated, Job, Model, Workflow } from "@scenario-automation/core"
import type { IDataObject } from "n8n-workflow"

/** Plain data as n8n's items hold it: what is `undefined` is left out. */
export const toPlainJson = (value: object): IDataObject => JSON.parse(JSON.stringify(value))

/** An asset as an item: what one works with first; `metadata` holds the rest. */
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

/**
 * A job as an item, with the times of its history. n8n takes an item with the key `error` for a failure of the node, and
 * retries it.
 */
export const toJobJson = ({ error, ...job }: Job): IDataObject =>
  toPlainJson({
    ...job,
    errorMessage: error,
    statusHistory: undefined,
    ...getTimes(job),
    steps: job.steps.length === 0 ? undefined : job.steps,
  })

/** The head of a generation's item; its assets or its output come beside it. */
export const toGeneratedJson = ({ job, cost, snapshot }: Generated): IDataObject =>
  toPlainJson({
    jobId: job.jobId,
    status: snapshot?.status ?? "success",
    modelId: job.modelId ?? snapshot?.modelId,
    cost,
    // What Scenario says beside the success.
    warning: snapshot?.error,
    submittedAt: job.submittedAt,
    ...(snapshot === undefined ? {} : getTimes(snapshot)),
  })

const getTimes = ({ statusHistory, createdAt, updatedAt, status }: Omit<Job, "error">) => {
  const begun = statusHistory.find((change) => change.status === "in-progress")?.date
  const ended = ["success", "failure", "canceled"].includes(status)
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

/** A model as an item, without the links that say little. */
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
