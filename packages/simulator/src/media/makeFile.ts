import { encode } from "jpeg-js"
import type { AssetSpec } from "./AssetSpec.ts"
import { glbOf } from "./glb.ts"
import { mp4Of } from "./mp4.ts"
import { colorFor, paint } from "./paint.ts"
import { encodePng, plainPng } from "./png.ts"
import { svgOf } from "./svg.ts"
import { textOf } from "./textFile.ts"
import { wavOf } from "./wav.ts"

/** The file that a spec describes. */
export const makeFile = (spec: AssetSpec): Buffer => {
  switch (spec.mimeType) {
    case "image/svg+xml":
      return Buffer.from(svgOf(spec))
    case "image/jpeg":
      return jpegOf(spec)
    case "video/mp4":
      return mp4Of(spec)
    case "audio/wav":
      return wavOf(spec)
    case "model/gltf-binary":
      return glbOf(spec)
    case "text/plain":
      return Buffer.from(textOf(spec))
    case "application/json":
      return Buffer.from(JSON.stringify(inventoryOf(spec), null, 2))
    case "image/png":
      return spec.style === "plain"
        ? plainPng(spec.width, spec.height, colorFor(spec))
        : encodePng(paint(spec))
    default:
      return spec.kind === "image"
        ? encodePng(paint(spec))
        : Buffer.from(`A simulated ${spec.kind}: ${spec.prompt}\n`)
  }
}

const jpegOf = (spec: AssetSpec): Buffer => {
  const { width, height, pixels } = paint(spec)
  return encode({ width, height, data: Buffer.from(pixels.buffer) }, 88).data
}

const inventoryOf = (spec: AssetSpec) => ({
  model: spec.modelName,
  subject: spec.prompt,
  objects: [
    { name: "sun", box: [0.3, 0.2, 0.5, 0.4] },
    { name: "ground", box: [0, 0.6, 1, 1] },
  ],
})
