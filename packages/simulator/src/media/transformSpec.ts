import type { AssetSpec } from "./AssetSpec.ts"

/**
 * The picture as the parameters after a signed link want it: `width`, `height` and `format` (jpeg or png; other formats
 * and parameters leave it as it is). Uploaded files are never changed.
 */
export const transformSpec = (spec: AssetSpec, query: URLSearchParams): AssetSpec => {
  if (spec.bytes !== undefined || spec.kind !== "image") return spec
  const width = readSide(query, "width")
  const height = readSide(query, "height")
  const scale = width === undefined ? (height === undefined ? 1 : height / spec.height) : width / spec.width
  const format = query.get("format")
  return {
    ...spec,
    width: width ?? Math.max(1, Math.round(spec.width * scale)),
    height: height ?? Math.max(1, Math.round(spec.height * scale)),
    mimeType: format === "jpeg" || format === "png" ? `image/${format}` : spec.mimeType,
  }
}

const readSide = (query: URLSearchParams, name: string): number | undefined => {
  const side = Number(query.get(name) ?? Number.NaN)
  return Number.isInteger(side) && side > 0 && side <= 4096 ? side : undefined
}
