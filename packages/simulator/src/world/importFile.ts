import { type JsonObject, readString, readStrings } from "../json.ts"
import { toFileSpec } from "../media/toFileSpec.ts"
import { createJob, createAssetRecord } from "./createJob.ts"
import type { UploadRecord } from "./UploadRecord.ts"
import type { World } from "./World.ts"

/** A fetched file, or why it couldn't be fetched. */
export type FetchedFile =
  | { readonly bytes: Buffer; readonly contentType: string }
  | { readonly problem: string }

/** How long after its completion an upload is validated and imported. Simulated ms. */
const validatedMs = 800
const importedMs = 2000

/** Completes an upload. Its asset appears when the import ends. */
export const importFile = (world: World, upload: UploadRecord, file: FetchedFile): void => {
  const now = world.clock.now()
  upload.completedAt = now
  if ("problem" in file) {
    upload.failure = file.problem
    return
  }
  const { assetOptions } = upload
  const asset = createAssetRecord(
    world,
    {
      spec: toFileSpec(file.bytes, file.contentType, upload.kind),
      metadataType: ["3d", "audio", "avatar", "video"].includes(upload.kind)
        ? `uploaded-${upload.kind}`
        : "uploaded",
      source: ["3d", "audio", "avatar", "video"].includes(upload.kind)
        ? `uploaded-${upload.kind}`
        : "uploaded",
      ...(assetOptions === undefined
        ? {}
        : {
            parentId: readString(assetOptions, "parentId"),
            collectionIds: readStrings(assetOptions, "collectionIds"),
          }),
    },
    { jobId: undefined, index: undefined, createdAt: now + importedMs, readyAt: now + importedMs },
  )
  asset.name = upload.fileName
  asset.isHidden = assetOptions?.["hide"] === true
  world.assets.add(asset)
  upload.entityId = asset.id
  const job = createJob(world, {
    jobType: upload.kind === "model" ? "model-import" : "upload",
    endpoint: "/uploads",
    input: { uploadId: upload.id },
    duration: "upload",
    output: { entityId: asset.id },
    durationMs: importedMs,
  })
  upload.jobId = job.jobId
}

const getUploadStatus = (upload: UploadRecord, now: number): string => {
  if (upload.completedAt === undefined) return "pending"
  const age = now - upload.completedAt
  if (age < validatedMs) return "validating"
  if (upload.failure !== undefined) return "failed"
  return age < importedMs ? "validated" : "imported"
}

/** The upload as the API returns it. */
export const toUploadJson = (world: World, upload: UploadRecord): JsonObject => {
  const now = world.clock.now()
  const status = getUploadStatus(upload, now)
  const at = new Date(upload.createdAt).toISOString()
  const partExpiry = new Date(now + 3_600_000).toISOString()
  return {
    id: upload.id,
    status,
    kind: upload.kind,
    fileName: upload.fileName,
    originalFileName: upload.fileName,
    fileSize: upload.fileSize,
    contentType: upload.contentType,
    source: upload.source,
    url: upload.url,
    authorId: world.authorId,
    ownerId: world.settings.projectId,
    createdAt: at,
    updatedAt: upload.completedAt === undefined ? at : new Date(upload.completedAt).toISOString(),
    jobId: upload.jobId,
    entityId: status === "imported" ? upload.entityId : undefined,
    errorMessage: status === "failed" ? upload.failure : undefined,
    assetOptions: upload.assetOptions,
    partsCount: upload.partsCount > 0 ? upload.partsCount : undefined,
    parts:
      upload.completedAt === undefined && upload.partsCount > 0
        ? Array.from({ length: upload.partsCount }, (_, index) => ({
            number: index + 1,
            url: world.links.sign(`/uploads/${upload.id}/${index + 1}`),
            expires: partExpiry,
          }))
        : undefined,
  }
}
