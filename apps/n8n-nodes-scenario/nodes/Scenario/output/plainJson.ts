import type { Asset, Collection, Generated, Job, Model, Workflow } from "@scenario-automation/core"
import type { IDataObject } from "n8n-workflow"

/** Plain data as n8n's items hold it: what is `undefined` is left out. */
export const plainJson = (value: object): IDataObject => JSON.parse(JSON.stringify(value))

/** An asset as an item: what one works with first; `metadata` holds the rest. */
export const assetJson = (asset: Asset): IDataObject => {
  const { assetId, url, kind, mimeType, name, width, height, duration, bytes, seed, prompt } = asset
  return plainJson({
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
export const jobJson = ({ error, ...job }: Job): IDataObject =>
  plainJson({
    ...job,
    errorMessage: error,
    statusHistory: undefined,
    ...timesOf(job),
    steps: job.steps.length === 0 ? undefined : job.steps,
  })

/** The head of a generation's item; its assets or its output come beside it. */
export const generatedJson = ({ job, cost, snapshot }: Generated): IDataObject =>
  plainJson({
    jobId: job.jobId,
    status: snapshot?.status ?? "success",
    modelId: job.modelId ?? snapshot?.modelId,
    cost,
    // What Scenario says beside the success.
    warning: snapshot?.error,
    submittedAt: job.submittedAt,
    ...(snapshot === undefined ? {} : timesOf(snapshot)),
  })

const timesOf = ({ statusHistory, createdAt, updatedAt, status }: Omit<Job, "error">) => {
  const begun = statusHistory.find((change) => change.status === "in-progress")?.date
  const ended = ["success", "failure", "canceled"].includes(status)
    ? (statusHistory.findLast((change) => change.status === status)?.date ?? updatedAt)
    : undefined
  return {
    finishedAt: ended,
    waitedSeconds: secondsBetween(createdAt, begun),
    seconds: secondsBetween(createdAt, ended),
  }
}

const secondsBetween = (from: string | undefined, to: string | undefined): number | undefined => {
  const seconds = (Date.parse(to ?? "") - Date.parse(from ?? "")) / 1000
  return Number.isNaN(seconds) ? undefined : Math.round(seconds * 10) / 10
}

/** A model as an item, without the links that say little. */
export const modelJson = (model: Model): IDataObject =>
  plainJson({
    ...model,
    exampleAssetIds: undefined,
    thumbnail: undefined,
    thumbnailUrl: model.thumbnail?.url,
  })

export const workflowJson = (workflow: Workflow): IDataObject =>
  plainJson({ ...workflow, before: undefined, after: undefined })

export const collectionJson = (collection: Collection): IDataObject =>
  plainJson({ ...collection, thumbnail: undefined })
