import type { JsonObject } from "../json.ts"
import type { AssetSpec } from "./AssetSpec.ts"
import { makeFile } from "./makeFile.ts"
import { framesPerSecond, videoFrames, videoSize } from "./mp4.ts"
import { paint, paintBare } from "./paint.ts"
import { encodePng } from "./png.ts"
import { writeAnswer } from "./writeAnswer.ts"
import { audioSeconds, sampleRate } from "./wav.ts"

/** The size of the cache of generated files. */
const maxCachedBytes = 256 * 1024 * 1024

const files = new Map<string, Buffer>()
const sizes = new Map<string, number>()
let cached = 0

const getKey = (spec: AssetSpec): string =>
  [
    spec.mimeType,
    spec.style,
    spec.label,
    spec.seed,
    spec.index,
    spec.width,
    spec.height,
    spec.modelName,
    spec.prompt,
  ].join("|")

/** The file of a spec. Recent files are cached. */
export const getBytes = (spec: AssetSpec): Buffer => {
  if (spec.bytes !== undefined) return spec.bytes
  const key = getKey(spec)
  const known = files.get(key)
  if (known !== undefined) return known
  const bytes = makeFile(spec)
  files.set(key, bytes)
  sizes.set(key, bytes.length)
  cached += bytes.length
  for (const [oldest, old] of files) {
    if (cached <= maxCachedBytes) break
    files.delete(oldest)
    cached -= old.length
  }
  return bytes
}

const countBytes = (spec: AssetSpec): number =>
  spec.bytes?.length ?? sizes.get(getKey(spec)) ?? getBytes(spec).length

/** The `properties` of an asset. `size` is exact. */
export const getProperties = (spec: AssetSpec): JsonObject => {
  const size = countBytes(spec)
  const picture = spec.width > 0 ? { width: spec.width, height: spec.height } : {}
  switch (spec.kind) {
    case "image":
    case "image-hdr":
      return { size, ...picture, format: spec.mimeType.split("/")[1] }
    case "video":
      return {
        size,
        ...videoSize,
        duration: videoFrames / framesPerSecond,
        frameRate: framesPerSecond,
        nbFrames: videoFrames,
        codecName: "h264",
        format: "mp4",
      }
    case "audio":
      return {
        size,
        duration: audioSeconds,
        sampleRate,
        channels: 1,
        codecName: "pcm_s16le",
        format: "wav",
        classification: "music",
      }
    case "3d":
      return {
        size,
        format: "glb",
        hasNormals: true,
        hasUVs: false,
        hasAnimations: false,
        hasSkeleton: false,
      }
    case "text": {
      const text = spec.bytes?.toString("utf8") ?? writeAnswer(spec)
      const hasFullPreview = text.length <= 500
      return {
        size,
        preview: text.slice(0, 500),
        hasFullPreview,
        charCount: text.length,
        wordCount: text.split(/\s+/).length,
      }
    }
    case "json":
    case "document":
      return { size }
  }
}

/** The thumbnail of an asset. Without an asset, the picture is made from the address. */
export const makeThumbnail = (spec: AssetSpec | undefined, address: string): Buffer => {
  const placeholder: AssetSpec = {
    kind: "image",
    mimeType: "image/png",
    style: "scene",
    prompt: address,
    modelName: "",
    seed: "0",
    index: 0,
    width: 256,
    height: 256,
    label: "",
  }
  const shown = spec ?? placeholder
  const isFlat = shown.width > 0 && shown.kind !== "3d"
  const height = isFlat ? Math.max(1, Math.round((256 * shown.height) / shown.width)) : 256
  return encodePng(
    spec === undefined ? paintBare(shown, { width: 256, height }) : paint(shown, { width: 256, height }),
  )
}
