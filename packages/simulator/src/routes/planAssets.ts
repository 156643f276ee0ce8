import type { Endpoint } from "../contract/endpoints/Endpoint.ts"
import { type JsonObject, readNumber, readString } from "../json.ts"
import type { AssetSpec } from "../media/AssetSpec.ts"
import { hashText } from "../seeded.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"
import { type NewAsset, readPrompt } from "../world/createJob.ts"
import type { World } from "../world/World.ts"

interface AssetPlan {
  readonly assetCount: number
  readonly getAsset: (index: number) => NewAsset
}

/** The maps that `/generate/texture` makes. */
const textureMaps = ["height", "normal", "smoothness", "metallic", "edge", "ao"]

/** The longest side of a painted picture. Larger ones are scaled down. */
const maxSide = 2048

/** Plans the assets of a named endpoint. */
export const planAssets = (
  world: World,
  endpoint: Endpoint,
  body: JsonObject,
  sources: ReadonlyArray<AssetRecord>,
  inferenceId: string | undefined,
): AssetPlan => {
  const maps = endpoint.name === "texture" ? textureMaps : undefined
  const source = sources[0]
  const size = getSize(endpoint, body, source?.spec)
  const prompt = readPrompt(body) === "" ? (source?.spec.prompt ?? "") : readPrompt(body)
  const modelId = readString(body, "modelId")
  const seed = chooseSeed(body, world, source)
  return {
    assetCount: countOutputs(endpoint, body, maps),
    getAsset: (index) => ({
      spec: {
        kind: "image",
        mimeType: getMimeType(endpoint, body),
        style: endpoint.name === "upscale" ? (source?.spec.style ?? endpoint.style) : endpoint.style,
        prompt,
        modelName: world.models.get(modelId ?? "")?.name ?? modelId ?? "Scenario",
        seed: `${seed + index}`,
        index,
        ...size,
        label: maps === undefined ? endpoint.name : `texture-${maps[index % maps.length]}`,
      },
      metadataType: maps === undefined ? endpoint.assetType : `texture-${maps[index % maps.length]}`,
      source: maps === undefined ? endpoint.assetSource : `texture:${maps[index % maps.length]}`,
      parentId: source?.id,
      modelId,
      inferenceId,
    }),
  }
}

const countOutputs = (
  endpoint: Endpoint,
  body: JsonObject,
  maps: ReadonlyArray<string> | undefined,
): number => {
  if (endpoint.response !== "inference" && endpoint.duration === "text") return 0
  if (maps !== undefined) return maps.length
  return readNumber(body, "numSamples") ?? readNumber(body, "numOutputs") ?? 1
}

/** The seed of the request, or of the source picture, or a new one. */
export const chooseSeed = (body: JsonObject, world: World, source?: AssetRecord): number => {
  const given = Number(
    body["seed"] ?? (source?.spec.seed === "" ? undefined : source?.spec.seed) ?? Number.NaN,
  )
  return Number.isFinite(given)
    ? given
    : hashText(`${world.settings.seed}/${world.jobs.all().length}`) % 2147483647
}

const getMimeType = (endpoint: Endpoint, body: JsonObject): string => {
  if (endpoint.style === "vector") return "image/svg+xml"
  return body["format"] === "jpeg" ? "image/jpeg" : "image/png"
}

type Size = Pick<AssetSpec, "width" | "height">

const getSize = (endpoint: Endpoint, body: JsonObject, source: AssetSpec | undefined): Size => {
  const width = readNumber(body, "width") ?? source?.width ?? 1024
  const height = readNumber(body, "height") ?? source?.height ?? 1024
  if (endpoint.style === "panorama")
    return { width: Math.min(width, maxSide), height: Math.min(width, maxSide) / 2 }
  const targetWidth = readNumber(body, "targetWidth") ?? 0
  const targetHeight = readNumber(body, "targetHeight") ?? 0
  if (endpoint.name === "upscale") {
    const scale = targetWidth > 0 ? targetWidth / width : (readNumber(body, "scalingFactor") ?? 2)
    return capSize(width * scale, height * scale)
  }
  if (targetWidth > 0 && targetHeight > 0) return capSize(targetWidth, targetHeight)
  const ratio = /^(\d+):(\d+)$/.exec(readString(body, "aspectRatio") ?? "")
  if (ratio !== null && body["width"] === undefined) return getRatioSize(Number(ratio[1]), Number(ratio[2]))
  return capSize(width, height)
}

/** A size of about one megapixel with these proportions, in steps of 8 pixels. */
export const getRatioSize = (across: number, down: number): Size => {
  const unit = Math.sqrt((1024 * 1024) / (across * down))
  return { width: Math.round((across * unit) / 8) * 8, height: Math.round((down * unit) / 8) * 8 }
}

export const capSize = (width: number, height: number): Size => {
  const shrink = Math.min(1, maxSide / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * shrink)), height: Math.max(1, Math.round(height * shrink)) }
}
