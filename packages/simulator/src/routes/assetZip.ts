import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { isJsonObject, readStrings } from "../json.ts"
import { getExtension } from "../media/getExtension.ts"
import { makeZip } from "../media/zip.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"
import { createJob } from "../world/createJob.ts"

/** `POST /assets/download`: creates a job that packs assets into a zip file. */
export const downloadZip = (exchange: Exchange): ApiResponse => {
  const { world } = exchange
  const body = exchange.getObjectBody()
  const { query, options } = body
  if (!isJsonObject(query)) throw refuse(400, '"query" must be an object')
  if (!isJsonObject(options)) throw refuse(400, '"options" must be an object')
  const ids = readStrings(query, "assetIds")
  if (ids.length > 1000) throw refuse(400, '"query.assetIds" must contain less than or equal to 1000 items')
  const models = readStrings(query, "modelIds")
  const inferences = readStrings(query, "inferenceIds")
  const chosen = world.assets
    .all()
    .filter(
      (asset) =>
        ids.includes(asset.id) ||
        models.includes(asset.modelId ?? "") ||
        inferences.includes(asset.inferenceId ?? ""),
    )
  if (chosen.length === 0) throw refuse(404, "No assets found")
  const job = createJob(world, {
    jobType: "assets-download",
    endpoint: "/assets/download",
    input: body,
    duration: "download",
    assetCount: 1,
    getAsset: () => ({
      spec: {
        kind: "document",
        mimeType: "application/zip",
        style: "scene",
        prompt: "",
        modelName: "",
        seed: "",
        index: 0,
        width: 0,
        height: 0,
        label: "zip",
        bytes: makeZip(chosen.map((asset) => ({ name: fileName(asset), bytes: world.assets.bytes(asset) }))),
      },
      metadataType: "unknown",
      source: "unknown",
    }),
  })
  return ok({ jobId: job.jobId })
}

const fileName = (asset: AssetRecord): string => `${asset.id}.${getExtension(asset.spec.mimeType)}`

export const findZip = (
  exchange: Exchange,
  { jobId = "" }: Readonly<Record<string, string>>,
): ApiResponse => {
  const { world } = exchange
  const job = world.jobs.find(jobId)
  if (job === undefined || job.jobType !== "assets-download") throw refuse(404, `Job ${jobId} not found`)
  const zip = job.assetIds[0] === undefined ? undefined : world.assets.find(job.assetIds[0])
  const isDone = world.jobs.status(job) === "success"
  return ok({
    jobId,
    jobStatus: world.jobs.status(job),
    downloadUrl: isDone && zip !== undefined ? world.assets.url(zip, true) : undefined,
  })
}
