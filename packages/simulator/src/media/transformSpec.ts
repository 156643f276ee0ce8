import type { AssetSpec } from "./AssetSpec.ts"

/**
 * Applies the parameters that a client appends to a signed link: `width`, `height`, and `format` (jpeg or png). Others are ignored,
 * and uploaded files are never changed.
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
