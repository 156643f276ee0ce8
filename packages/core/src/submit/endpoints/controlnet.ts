import type { FileInput } from "../../account/LocalFile.ts"
import { endpoint, inferenceJobTypes } from "./Endpoint.ts"
import {
  between,
  describe,
  type EndpointFields,
  image,
  imageId,
  orAssetId,
  required,
  text,
  toggle,
  withDefault,
} from "./Field.ts"
import {
  inferenceFields,
  type InferenceInputs,
  maskFields,
  type MaskInputs,
  mergingFields,
  neededImage,
  type MergingInputs,
  sourceImageFields,
  type SourceImageInputs,
  strengthFields,
  type StrengthInputs,
} from "./image.ts"

/** A single modality. */
export type Modality = (typeof modalities)[number]

/** The image that guides the composition. */
export interface ControlImageInputs {
  /** A pose, an edge map, a depth map, … */
  readonly controlImage?: FileInput | undefined
  /** The asset ID of the control image. An asset ID in `controlImage` is sent here. */
  readonly controlImageId?: string | undefined
}

/** How the control image is read. */
export interface ModalityInputs {
  /**
   * A modality (`canny`), or for SD models several with their weights above 0 and up to 1
   * (`canny:0.5,depth:1.0`; three at most), or a preset (`character`, `landscape`, `city`, `interior`).
   */
  readonly modality: Modality | (string & {})
  /** True (default): the control image is already a pose, an edge map, …; false: it is turned into one first. Flux ignores it. */
  readonly disableModalityDetection?: boolean | undefined
  /** When the guidance begins, as a part of the steps: 0..0.9. Only Flux dev. */
  readonly controlStart?: number | undefined
  /** When it ends: 0.1..1, default 0.5 for canny and 0.6 for the rest. Only Flux dev. */
  readonly controlEnd?: number | undefined
}

export interface ControlnetInputs
  extends InferenceInputs, SourceImageInputs, ControlImageInputs, ModalityInputs {}
export interface ControlnetImg2ImgInputs extends ControlnetInputs, StrengthInputs {}
export interface ControlnetInpaintInputs extends ControlnetImg2ImgInputs, MaskInputs, MergingInputs {}

export interface ControlnetEndpointInputs {
  readonly controlnet: ControlnetInputs
  readonly "controlnet-img2img": ControlnetImg2ImgInputs
  readonly "controlnet-inpaint": ControlnetInpaintInputs
}

const modalities = [
  "blur",
  "canny",
  "depth",
  "gray",
  "illusion",
  "lineart",
  "lines",
  "low-quality",
  "normal-map",
  "pose",
  "scribble",
  "seg",
  "sketch",
  "tile",
] as const

export const controlImageFields: EndpointFields<ControlImageInputs> = {
  controlImage: orAssetId("controlImageId", image),
  controlImageId: imageId,
}

const modalityFields: EndpointFields<ModalityInputs> = {
  // The contract lists the single modalities as an enumeration, and describes combinations, weights and
  // presets beside it: all of them are text to the checker, and the list is a hint.
  modality: required({ ...text, hint: modalities.join(", ") }),
  disableModalityDetection: withDefault(true, toggle),
  controlStart: between(0, 0.9),
  controlEnd: between(0.1, 1),
}

export const controlnetFields: EndpointFields<ControlnetInputs> = {
  ...inferenceFields,
  ...sourceImageFields,
  ...controlImageFields,
  ...modalityFields,
}

export const controlnetEndpoints = {
  controlnet: endpoint("controlnet", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "controlnet",
    fields: describe<ControlnetInputs>(controlnetFields),
  }),
  "controlnet-img2img": endpoint("controlnet-img2img", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "controlnet_img2img",
    fields: describe<ControlnetImg2ImgInputs>({ ...controlnetFields, ...strengthFields, image: neededImage }),
  }),
  "controlnet-inpaint": endpoint("controlnet-inpaint", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "controlnet_inpaint",
    fields: describe<ControlnetInpaintInputs>({
      ...controlnetFields,
      ...strengthFields,
      image: neededImage,
      ...maskFields,
      ...mergingFields,
    }),
  }),
} as const
