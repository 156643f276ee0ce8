import { readSegments } from "../InlineResult.ts"
import type { FileInput } from "../../account/LocalFile.ts"
import { endpoint } from "./Endpoint.ts"
import {
  between,
  describe,
  image,
  number,
  oneOf,
  required,
  text,
  toggle,
  wholeBetween,
  withDefault,
} from "./Field.ts"

/** Turns an image into a map that can guide a ControlNet generation. */
export interface DetectInputs {
  readonly image: FileInput
  readonly modality: (typeof detectModalities)[number]
  /** For `canny`. */
  readonly lowThreshold?: number | undefined
  /** For `canny`. */
  readonly highThreshold?: number | undefined
  /** For `grayscale`. */
  readonly minThreshold?: number | undefined
  /** For `grayscale`. */
  readonly maxThreshold?: number | undefined
  /** Contrast, for `grayscale`. */
  readonly factor?: number | undefined
  /** For `grayscale`. Default true. */
  readonly removeBackground?: boolean | undefined
  /** 0..1. Its name says that it is for `pose`; the contract repeats the description of another field. */
  readonly keypointThreshold?: number | undefined
}

/** Cuts out the part of an image that a box, points, or words select. */
export interface SegmentInputs {
  readonly image: FileInput
  /** [x1, y1, x2, y2] in pixels. */
  readonly bbox?: ReadonlyArray<number> | undefined
  /** Each [label, x, y]; the label is 0 for the background and 1 for the object. */
  readonly points?: ReadonlyArray<ReadonlyArray<number>> | undefined
  /** What to cut out, in at most 100 characters. */
  readonly text?: string | undefined
  /** Return the masks. Default true. Not together with `resultImage`. */
  readonly resultMask?: boolean | undefined
  /** Return what was cut out. Default false. */
  readonly resultImage?: boolean | undefined
  /** Return the outlines. Default false. */
  readonly resultContours?: boolean | undefined
  /** Default `fastsam_x`. */
  readonly checkpoint?: "fastsam_x" | "sam_b" | "sam_h" | undefined
  /** Widen the masks by this many pixels: 0..30. */
  readonly dilate?: number | undefined
  /** 0..255, of the background in a result image. */
  readonly backgroundOpacity?: number | undefined
  /** Fill small holes and cracks. Default false. */
  readonly betterQuality?: boolean | undefined
}

export interface AnalysisEndpointInputs {
  readonly detect: DetectInputs
  readonly segment: SegmentInputs
}

const detectModalities = [
  "canny",
  "depth",
  "grayscale",
  "lineart_anime",
  "mlsd",
  "normal",
  "pose",
  "scribble",
  "segmentation",
  "sketch",
] as const

export const analysisEndpoints = {
  detect: endpoint("detect", {
    returns: "job-and-asset",
    jobTypes: ["detection", "custom"],
    fields: describe<DetectInputs>({
      image: required(image),
      modality: required(withDefault("canny", oneOf(...detectModalities))),
      lowThreshold: number,
      highThreshold: number,
      minThreshold: number,
      maxThreshold: number,
      factor: number,
      removeBackground: withDefault(true, toggle),
      keypointThreshold: between(0, 1),
    }),
  }),
  segment: endpoint("segment", {
    returns: "text",
    jobTypes: ["segment", "custom"],
    readInlineResult: readSegments,
    fields: describe<SegmentInputs>({
      image: required(image),
      bbox: { type: "number_array", minLength: 4, maxLength: 4 },
      points: { type: "number_array_array" },
      text: { ...text, maxLength: 100 },
      resultMask: withDefault(true, toggle),
      resultImage: withDefault(false, toggle),
      resultContours: withDefault(false, toggle),
      checkpoint: withDefault("fastsam_x", oneOf("fastsam_x", "sam_b", "sam_h")),
      dilate: wholeBetween(0, 30),
      backgroundOpacity: wholeBetween(0, 255),
      betterQuality: withDefault(false, toggle),
    }),
  }),
} as const
