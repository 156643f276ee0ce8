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

export interface RemoveBackgroundInputs {
  readonly image: FileInput
  /** `#FFFFFF`, a CSS color name, or `transparent` (only for PNG). */
  readonly backgroundColor?: string | undefined
  /** Default `png`. */
  readonly format?: "jpeg" | "png" | undefined
}

export interface PixelateInputs {
  readonly image: FileInput
  /** Pixels of the grid: 16, 32, 64, 128 or 256. */
  readonly pixelGridSize: 16 | 32 | 64 | 128 | 256
  readonly removeNoise: boolean
  /** Default false. */
  readonly removeBackground?: boolean | undefined
  /** Colors as [red, green, blue], each 0..255. */
  readonly colorPalette?: ReadonlyArray<ReadonlyArray<number>> | undefined
  /** The number of colors if no palette is given: 2..256. */
  readonly colorPaletteSize?: number | undefined
}

export interface VectorizeInputs {
  readonly image: FileInput
  /** A preset other than `custom` (default) overrides all other fields. */
  readonly preset?: "asset" | "bw" | "custom" | "photo" | "pixelart" | "poster" | undefined
  /** How curves are fitted. Default `spline`. */
  readonly mode?: "none" | "polygon" | "spline" | undefined
  /** Default `color`. */
  readonly colorMode?: "bw" | "color" | undefined
  /** Drop patches of fewer pixels than this: 0..128. */
  readonly filterSpeckle?: number | undefined
  /** Bits of a color channel: 1..16. */
  readonly colorPrecision?: number | undefined
  /** Color difference between layers: 0..255; higher means fewer layers. */
  readonly layerDifference?: number | undefined
  /** Degrees from which an angle is a corner: 0..180. Only splines. */
  readonly cornerThreshold?: number | undefined
  /** Degrees from which a spline is spliced: 0..180. Only splines. */
  readonly spliceThreshold?: number | undefined
  /** Shortest segment: 3.5..10. Only splines. */
  readonly lengthThreshold?: number | undefined
  /** 1..100000 */
  readonly maxIterations?: number | undefined
  /** Decimal places in the path, from 0. */
  readonly pathPrecision?: number | undefined
}

/** Puts one image onto another. */
export interface PatchInputs {
  readonly image: FileInput
  readonly patch?: { readonly image: FileInput; readonly mode: "override" | "erase" } | undefined
  /** Pixels from the upper left corner. */
  readonly position?: { readonly x: number; readonly y: number } | undefined
  /** Let the patch extend beyond the image. */
  readonly allowOverflow?: boolean | undefined
  /** Crop the image first. Pixels. */
  readonly crop?:
    | {
        readonly top: number
        readonly left: number
        readonly width: number
        readonly height: number
        readonly backgroundColor?: string | undefined
      }
    | undefined
  /** `#FFFFFF`, a CSS color name, or `transparent` (only for PNG). Default `white`. */
  readonly backgroundColor?: string | undefined
  /** Default `png`. */
  readonly format?: "jpeg" | "png" | undefined
}

export interface EditEndpointInputs {
  readonly "remove-background": RemoveBackgroundInputs
  readonly pixelate: PixelateInputs
  readonly vectorize: VectorizeInputs
  readonly patch: PatchInputs
}

export const editEndpoints = {
  "remove-background": endpoint("remove-background", {
    returns: "job-and-asset",
    jobTypes: ["remove-background", "custom"],
    fields: describe<RemoveBackgroundInputs>({
      image: required(image),
      backgroundColor: text,
      format: withDefault("png", oneOf("jpeg", "png")),
    }),
  }),
  pixelate: endpoint("pixelate", {
    returns: "job-and-asset",
    jobTypes: ["pixelate", "custom"],
    fields: describe<PixelateInputs>({
      image: required(image),
      pixelGridSize: required({ type: "number", allowedValues: [16, 32, 64, 128, 256] }),
      removeNoise: required(toggle),
      removeBackground: withDefault(false, toggle),
      colorPalette: { type: "number_array_array", min: 0, max: 255 },
      colorPaletteSize: wholeBetween(2, 256),
    }),
  }),
  vectorize: endpoint("vectorize", {
    returns: "job-and-asset",
    jobTypes: ["vectorize", "custom"],
    fields: describe<VectorizeInputs>({
      image: required(image),
      preset: withDefault("custom", oneOf("asset", "bw", "custom", "photo", "pixelart", "poster")),
      mode: withDefault("spline", oneOf("none", "polygon", "spline")),
      colorMode: withDefault("color", oneOf("bw", "color")),
      filterSpeckle: between(0, 128),
      colorPrecision: between(1, 16),
      layerDifference: between(0, 255),
      cornerThreshold: between(0, 180),
      spliceThreshold: between(0, 180),
      lengthThreshold: between(3.5, 10),
      maxIterations: wholeBetween(1, 100_000),
      pathPrecision: { type: "number", min: 0, step: 1 },
    }),
  }),
  patch: endpoint("patch", {
    returns: "job-and-asset",
    jobTypes: ["patch-image"],
    fields: describe<PatchInputs>({
      image: required(image),
      patch: {
        type: "inputs",
        inputs: describe<NonNullable<PatchInputs["patch"]>>({
          image: required(image),
          mode: required(withDefault("override", oneOf("erase", "override"))),
        }),
      },
      position: {
        type: "inputs",
        inputs: describe<NonNullable<PatchInputs["position"]>>({ x: required(number), y: required(number) }),
      },
      allowOverflow: toggle,
      crop: {
        type: "inputs",
        inputs: describe<NonNullable<PatchInputs["crop"]>>({
          top: required(number),
          left: required(number),
          width: required(number),
          height: required(number),
          backgroundColor: text,
        }),
      },
      backgroundColor: text,
      format: oneOf("jpeg", "png"),
    }),
  }),
} as const
