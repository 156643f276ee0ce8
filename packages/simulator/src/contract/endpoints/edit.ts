import { type Endpoint, endpoint } from "./Endpoint.ts"
import { between, boolean, file, makeListField, number, oneOf, record, required, text } from "./Field.ts"

// These endpoints respond with the job and its pending asset. Source: the request bodies of the contract (OAS).

const image = required(file)

export const editEndpoints: ReadonlyArray<Endpoint> = [
  endpoint("remove-background", {
    jobType: "remove-background",
    response: "job-and-asset",
    duration: "image",
    style: "cut-out",
    unitPrice: 2,
    assetType: "background-removal",
    fields: { image, backgroundColor: text, format: oneOf("jpeg png") },
  }),
  endpoint("pixelate", {
    jobType: "pixelate",
    response: "job-and-asset",
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
  endpoint("vectorize", {
    jobType: "vectorize",
    response: "job-and-asset",
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
  endpoint("patch", {
    jobType: "patch-image",
    response: "job-and-asset",
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
]
