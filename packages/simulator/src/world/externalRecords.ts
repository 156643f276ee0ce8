import type { ExternalAsset, ExternalJob, ExternalModel } from "../Simulator.ts"
import { terminalStatuses } from "./jobTimeline.ts"
import type { World } from "./World.ts"

export const addExternalJob = (world: World, job: ExternalJob): string => {
  const jobId = job.jobId ?? world.identifiers.next("job_")
  const createdAt = world.clock.now() - (job.ageMs ?? 0)
  const status = job.status ?? "success"
  const durationMs = job.durationMs ?? 10_000
  world.jobs.add({
    jobId,
    jobType: job.jobType ?? "custom",
    createdAt,
    timeline: [
      { status: "queued", at: createdAt },
      { status: "in-progress", at: createdAt + Math.round(durationMs / 10) },
      { status, at: createdAt + (terminalStatuses.has(status) ? durationMs : Math.round(durationMs / 10)) },
    ],
    progress: "smooth",
    authorId: job.authorId ?? world.authorId,
    ownerId: world.settings.projectId,
    input: { ...job.input, ...(job.modelId === undefined ? {} : { modelId: job.modelId }) },
    modelId: job.modelId,
    assetIds: job.assetIds ?? [],
    output: job.output,
    error: undefined,
    hint: undefined,
    disableRefund: false,
    price: 5,
    vanishesAt: undefined,
    hidesResults: job.input?.["hideResults"] === true,
    workflowId: undefined,
    listedFrom: createdAt,
    flow: undefined,
  })
  return jobId
}

export const addExternalModel = (world: World, model: ExternalModel): string => {
  const id = model.id ?? world.identifiers.next("model_")
  world.models.set(id, {
    id,
    name: model.name ?? "A trained model",
    shortDescription: "Trained elsewhere.",
    type: model.type ?? "flux.1-lora",
    privacy: model.privacy ?? "private",
    status: model.status ?? "trained",
    custom: model.custom ?? false,
    capabilities: model.capabilities ?? ["txt2img"],
    tags: [],
    accessRestrictions: 0,
    inputs: model.inputs ?? [],
    compliantModelIds: model.compliantModelIds ?? [],
    concepts: model.concepts ?? [],
    ...(model.parentModelId === undefined ? {} : { parentModelId: model.parentModelId }),
    trainingImagesNumber: 12,
    output: {
      kind: "image",
      mimeType: "image/png",
      duration: "image",
      style: "painting",
      assetType: "txt2img",
      unitPrice: 5,
    },
  })
  return id
}

const defaultTypes: Readonly<Record<string, string>> = {
  image: "image/png",
  "image-hdr": "image/jpeg",
  video: "video/mp4",
  audio: "audio/wav",
  "3d": "model/gltf-binary",
  text: "text/plain",
  json: "application/json",
  document: "application/octet-stream",
}

export const addExternalAsset = (world: World, asset: ExternalAsset): string => {
  const id = asset.id ?? world.identifiers.next("asset_")
  const createdAt = world.clock.now() - (asset.ageMs ?? 0)
  const kind = asset.kind ?? "image"
  const isPicture = kind === "image" || kind === "image-hdr"
  world.assets.add({
    id,
    createdAt,
    updatedAt: createdAt,
    visibleFrom: createdAt,
    readyAt: createdAt + (asset.readyAfterMs ?? 0),
    jobId: undefined,
    isShownEarly: true,
    authorId: world.authorId,
    ownerId: world.settings.projectId,
    source: asset.metadataType ?? "uploaded",
    metadataType: asset.metadataType ?? "uploaded",
    metadata: {},
    spec: {
      kind,
      mimeType: asset.mimeType ?? defaultTypes[kind] ?? "application/octet-stream",
      style: "scene",
      prompt: asset.prompt ?? "",
      modelName: "",
      seed: "1",
      index: 0,
      width: isPicture ? (asset.width ?? 64) : 0,
      height: isPicture ? (asset.height ?? 64) : 0,
      label: "uploaded",
      bytes: asset.bytes === undefined ? undefined : Buffer.from(asset.bytes),
    },
    outputIndex: undefined,
    parentId: asset.parentId,
    modelId: asset.modelId,
    inferenceId: undefined,
    collectionIds: new Set(asset.collectionIds),
    tags: new Set(asset.tags),
    isPublic: asset.isPublic ?? false,
    isHidden: false,
    name: asset.name,
    description: undefined,
    lockId: undefined,
  })
  return id
}
