import { type Endpoint, endpoint } from "./Endpoint.ts"
import { anything, between, boolean, file, makeListField, number, oneOf, required } from "./Field.ts"

const image = required(file)

export const analysisEndpoints: ReadonlyArray<Endpoint> = [
  endpoint("detect", {
    jobType: "detection",
    response: "job-and-asset",
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
  endpoint("segment", {
    jobType: "segment",
    response: "segment",
    duration: "text",
    style: "line-art",
    unitPrice: 1,
    assetType: "segment",
    fields: {
      image,
      bbox: makeListField(anything),
      points: makeListField(makeListField(anything)),
      text: { type: "string", maxLength: 100 },
      checkpoint: oneOf("fastsam_x sam_b sam_h"),
      resultMask: boolean,
      resultImage: boolean,
      resultContours: boolean,
      dilate: between(0, 30),
      backgroundOpacity: between(0, 255),
      betterQuality: boolean,
    },
  }),
]
