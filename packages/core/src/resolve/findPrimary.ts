import type { Asset } from "../api/Asset.ts"
import type { OutputKind } from "../durations/outputKind.ts"

/** What is known of the job whose assets these are. */
export interface PrimaryHints {
  /** What its model makes, if the model is known. */
  readonly outputKind?: OutputKind | undefined
  readonly jobType?: string | undefined
}

/**
 * The file that a job was run for: the first asset of the kind that its model makes, because some 3D models return a
 * thumbnail before the mesh. For an unknown model its type says the kind; else it is the first asset that isn't a
 * thumbnail or a preview. `undefined` only if there are no assets.
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

/** A job of these types makes pictures, whatever its model is. */
const makesPictures =
  /^(inference|flux|image-|openai-image|patch-image|pixelate|reframe|remove-background|repaint|restyle|skybox-(base|upscale|hdri)|texture|upscale|vectorize)(?!.*training)/

const getKindOfJob = (jobType = ""): OutputKind | undefined => {
  if (jobType === "splat") return "3d"
  return makesPictures.test(jobType) ? "image" : undefined
}

const readKind = ({ kind, mimeType }: Asset): string => {
  const name = kind === "unknown" ? (mimeType.split("/")[0] ?? "") : kind
  if (name === "model") return "3d"
  return name.startsWith("image") ? "image" : name
}

const isPreview = (asset: Asset, all: ReadonlyArray<Asset>, jobType: string | undefined): boolean =>
  /thumbnail|preview/i.test(asset.type ?? "") ||
  all.some(
    (other) =>
      other.assetId !== asset.assetId &&
      // A workflow may have been built to make both.
      ((readKind(asset) === "image" &&
        jobType !== "workflow" &&
        ["3d", "video", "audio"].includes(readKind(other))) ||
        other.thumbnail?.assetId === asset.assetId ||
        other.preview?.assetId === asset.assetId),
  )
