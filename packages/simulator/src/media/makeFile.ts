import { encode } from "jpeg-js"
import type { AssetSpec } from "./AssetSpec.ts"
import { makeGlb } from "./glb.ts"
import { makeMp4 } from "./mp4.ts"
import { getPlainColor, paint } from "./paint.ts"
import { encodePng, encodePlainPng } from "./png.ts"
import { makeSvg } from "./svg.ts"
import { writeAnswer } from "./writeAnswer.ts"
import { makeWav } from "./wav.ts"

export const makeFile = (spec: AssetSpec): Buffer => {
  switch (spec.mimeType) {
    case "image/svg+xml":
      return Buffer.from(makeSvg(spec))
    case "image/jpeg":
      return makeJpeg(spec)
    case "video/mp4":
      return makeMp4(spec)
    case "audio/wav":
      return makeWav(spec)
    case "model/gltf-binary":
      return makeGlb(spec)
    case "text/plain":
      return Buffer.from(writeAnswer(spec))
    case "application/json":
      return Buffer.from(JSON.stringify(makeInventory(spec), null, 2))
    case "image/png":
      return spec.style === "plain"
        ? encodePlainPng(spec.width, spec.height, getPlainColor(spec))
        : encodePng(paint(spec))
    default:
      return spec.kind === "image"
        ? encodePng(paint(spec))
        : Buffer.from(`A simulated ${spec.kind}: ${spec.prompt}\n`)
  }
}

const makeJpeg = (spec: AssetSpec): Buffer => {
  const { width, height, pixels } = paint(spec)
  return encode({ width, height, data: Buffer.from(pixels.buffer) }, 88).data
}

const makeInventory = (spec: AssetSpec) => ({
  model: spec.modelName,
  subject: spec.prompt,
  objects: [
    { name: "sun", box: [0.3, 0.2, 0.5, 0.4] },
    { name: "ground", box: [0, 0.6, 1, 1] },
  ],
})
