import type { Asset } from "../api/Asset.ts"
import { findMediaKind } from "../api/assetKinds.ts"
import type { OutputKind } from "../durations/outputKind.ts"

/** What is known about the job of the assets. */
export interface PrimaryHints {
  /** The kind of file that its model creates, if the model is known. Default: unknown. */
  readonly outputKind?: OutputKind | undefined
  /** The type of the job. Default: unknown. */
  readonly jobType?: string | undefined
}

/**
 * Finds the main file of a job: the first asset of the kind that its model creates, because some 3D models return a
 * thumbnail before the mesh. If the model is unknown, the job's type decides the kind. Otherwise it is the first asset
 * that isn't a thumbnail or a preview. `undefined` only if there are no assets.
 */
export const findPrimary = (
  assets: ReadonlyArray<Asset>,
  { outputKind, jobType }: PrimaryHints = {},
): Asset | undefined => {
  const others = assets.filter((asset) => !isPreview(asset, assets, jobType))
  const kind = outputKind ?? getKindOfJob(jobType)
  const isOfKind = (asset: Asset) => kind !== undefined && readKind(asset) === kind
  return others.find(isOfKind) ?? assets.find(isOfKind) ?? others[0] ?? assets[0]
}

/** Jobs of these types create images with any model. */
const imageJobTypes =
  /^(inference|flux|image-|openai-image|patch-image|pixelate|reframe|remove-background|repaint|restyle|skybox-(base|upscale|hdri)|texture|upscale|vectorize)(?!.*training)/

const getKindOfJob = (jobType = ""): OutputKind | undefined => {
  if (jobType === "splat") return "3d"
  return imageJobTypes.test(jobType) ? "image" : undefined
}

const readKind = ({ kind, mimeType }: Asset): string | undefined => {
  const name = kind === "unknown" ? findMediaKind(mimeType) : kind
  return name?.startsWith("image") === true ? "image" : name
}

const isPreview = (asset: Asset, all: ReadonlyArray<Asset>, jobType: string | undefined): boolean =>
  /thumbnail|preview/i.test(asset.type ?? "") ||
  all.some(
    (other) =>
      other.assetId !== asset.assetId &&
      // A workflow may create both on purpose.
      ((readKind(asset) === "image" &&
        jobType !== "workflow" &&
        ["3d", "video", "audio"].includes(readKind(other) ?? "")) ||
        other.thumbnail?.assetId === asset.assetId ||
        other.preview?.assetId === asset.assetId),
  )
