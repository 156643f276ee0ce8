import { between, boolean, file, makeListField, number, oneOf, record, required, text } from "./Field.ts"
import type { GenerateEndpoint } from "./GenerateEndpoint.ts"
import { named } from "./named.ts"

// The five endpoints that answer with the job and its asset at once. Facts: OAS, request bodies.

const image = required(file)

export const assetEndpoints: readonly GenerateEndpoint[] = [
  named("remove-background", {
    jobType: "remove-background",
    answer: "job-and-asset",
    duration: "image",
    style: "cut-out",
    unitPrice: 2,
    assetType: "background-removal",
    fields: { image, backgroundColor: text, format: oneOf("jpeg png") },
  }),
  named("vectorize", {
    jobType: "vectorize",
    answer: "job-and-asset",
    duration: "image",
    style: "vector",
    unitPrice: 2,
    assetType: "vectorization",
    fields: {
      image,
      mode: oneOf("none polygon spline"),
      preset: oneOf("asset bw custom photo pixelart poster"),
      colorMode: oneOf("bw color"),
      layerDifference: between(0, 255),
      maxIterations: between(1, 100000),
      cornerThreshold: between(0, 180),
      colorPrecision: between(1, 16),
      spliceThreshold: between(0, 180),
      lengthThreshold: between(3.5, 10),
      filterSpeckle: between(0, 128),
      pathPrecision: { type: "number", min: 0 },
    },
  }),
  named("pixelate", {
    jobType: "pixelate",
    answer: "job-and-asset",
    duration: "image",
    style: "pixels",
    unitPrice: 2,
    assetType: "pixelization",
    fields: {
      image,
      pixelGridSize: required(number),
      removeNoise: required(boolean),
      removeBackground: boolean,
      colorPalette: makeListField(makeListField(number)),
      colorPaletteSize: number,
    },
  }),
  named("patch", {
    jobType: "patch-image",
    answer: "job-and-asset",
    duration: "image",
    style: "painting",
    unitPrice: 1,
    assetType: "patch",
    fields: {
      image,
      patch: record({ image, mode: required(oneOf("erase override")) }),
      position: record({ x: required(number), y: required(number) }),
      crop: record({
        top: required(number),
        left: required(number),
        width: required(number),
        height: required(number),
        backgroundColor: text,
      }),
      backgroundColor: text,
      format: oneOf("jpeg png"),
      allowOverflow: boolean,
    },
  }),
  named("detect", {
    jobType: "detection",
    answer: "job-and-asset",
    duration: "image",
    style: "line-art",
    unitPrice: 1,
    assetType: "detection",
    fields: {
      image,
      modality: required(
        oneOf("canny depth grayscale lineart_anime mlsd normal pose scribble segmentation sketch"),
      ),
      lowThreshold: number,
      highThreshold: number,
      minThreshold: number,
      maxThreshold: number,
      factor: number,
      keypointThreshold: between(0, 1),
      removeBackground: boolean,
    },
  }),
]
