import type { FileInput } from "../../account/LocalFile.ts"
import { endpoint, inferenceJobTypes } from "./Endpoint.ts"
import {
  between,
  describe,
  type EndpointFields,
  image,
  imageId,
  model,
  oneOf,
  orAssetId,
  required,
  requiredUnless,
  text,
  toggle,
  wholeBetween,
  withDefault,
} from "./Field.ts"

/** A LoRA of a composition. */
export interface Concept {
  readonly modelId: string
  /** -2..2 (0..2 for editing with Flux Kontext). */
  readonly scale: number
  /** An epoch of a trained Flux LoRA. Default: its last. */
  readonly modelEpoch?: string | undefined
}

export type Scheduler = (typeof schedulers)[number]

/** The inputs of all modes of the Stable Diffusion and Flux families. */
export interface InferenceInputs {
  /** The model: one whose `capabilities` offer the mode. */
  readonly modelId: string
  readonly prompt: string
  /** What to avoid. For Flux models, `negativePromptStrength` must be above 0. */
  readonly negativePrompt?: string | undefined
  /** 0..10, default 0. Flux dev family, without mask and IP-Adapter. */
  readonly negativePromptStrength?: number | undefined
  /** How many images: 1..128, default 4. */
  readonly numSamples?: number | undefined
  /** Denoising steps: 1..150, default 30. */
  readonly numInferenceSteps?: number | undefined
  /** How closely to follow the prompt: 0..20. Default 3.5 for Flux dev, 3 for Flux pro, 6 for SDXL, 7.5 for SD 1.5. */
  readonly guidance?: number | undefined
  /** Pixels: 64..2048 in steps of 8, default 512. SDXL needs 512 at least, SD 1.5 takes 1024 at most. */
  readonly width?: number | undefined
  /** Pixels, as `width`. */
  readonly height?: number | undefined
  /** Default: the model's own. */
  readonly scheduler?: Scheduler | undefined
  /** The same seed with the same inputs gives the same image. Default: random. */
  readonly seed?: string | undefined
  /** The base that a Flux LoRA runs on: one of its `compliantModelIds`. */
  readonly baseModelId?: string | undefined
  /** An epoch of a trained Flux LoRA. Default: its last. */
  readonly modelEpoch?: string | undefined
  /** The LoRAs of a composition. */
  readonly concepts?: ReadonlyArray<Concept> | undefined
  /** Keep the results out of lists. Default false. */
  readonly hideResults?: boolean | undefined
  /** Also keep the images of intermediate steps. Default false. */
  readonly intermediateImages?: boolean | undefined
}

/** An image to start from. */
export interface SourceImageInputs {
  readonly image?: FileInput | undefined
  /** Deprecated by Scenario: use `image`, which also accepts asset IDs. */
  readonly imageId?: string | undefined
  /** Hide the asset that is created from a data URL. Default false. */
  readonly imageHide?: boolean | undefined
  /** The parent of the asset that is created from a data URL. */
  readonly imageParentId?: string | undefined
}

/** How much to change the image. */
export interface StrengthInputs {
  /** 0.01..1, default 0.75. With 1, nothing of the image remains. */
  readonly strength?: number | undefined
}

/** Where to paint: white is replaced, black is kept. */
export interface MaskInputs {
  readonly mask?: FileInput | undefined
  /** The asset ID of the mask. An asset ID in `mask` is sent here. */
  readonly maskId?: string | undefined
}

/** The inputs of inpainting in addition to the mask. */
export interface MergingInputs {
  /** Faster, but the result is harder to insert into a larger image. Default false. */
  readonly disableMerging?: boolean | undefined
}

export interface Txt2ImgInputs extends InferenceInputs {
  /** `width:height`, only for `flux.1.1-pro-ultra`. Default `1:1`. */
  readonly aspectRatio?: AspectRatio | undefined
}
export interface Img2ImgInputs extends InferenceInputs, SourceImageInputs, StrengthInputs {}
export interface InpaintInputs extends Img2ImgInputs, MaskInputs, MergingInputs {}

export type AspectRatio = (typeof aspectRatios)[number]

export interface ImageEndpointInputs {
  readonly txt2img: Txt2ImgInputs
  readonly img2img: Img2ImgInputs
  readonly inpaint: InpaintInputs
}

const schedulers = [
  "DDIMScheduler",
  "DDPMScheduler",
  "DEISMultistepScheduler",
  "DPMSolverMultistepScheduler",
  "DPMSolverSinglestepScheduler",
  "EulerAncestralDiscreteScheduler",
  "EulerDiscreteScheduler",
  "HeunDiscreteScheduler",
  "KDPM2AncestralDiscreteScheduler",
  "KDPM2DiscreteScheduler",
  "LCMScheduler",
  "LMSDiscreteScheduler",
  "PNDMScheduler",
  "TCDScheduler",
  "UniPCMultistepScheduler",
] as const

export const aspectRatios = [
  "16:9",
  "1:1",
  "21:9",
  "2:3",
  "3:2",
  "3:4",
  "4:3",
  "4:5",
  "5:4",
  "9:16",
  "9:21",
] as const

export const conceptsField = {
  type: "inputs_array",
  inputs: describe<Concept>({
    modelId: required(model),
    scale: required(between(-2, 2)),
    modelEpoch: text,
  }),
}

const pixels = { ...between(64, 2048), step: 8 }

export const inferenceFields: EndpointFields<InferenceInputs> = {
  modelId: required(model),
  prompt: required({ ...text, prompt: true }),
  negativePrompt: text,
  negativePromptStrength: between(0, 10),
  numSamples: wholeBetween(1, 128),
  numInferenceSteps: wholeBetween(1, 150),
  guidance: between(0, 20),
  width: pixels,
  height: pixels,
  scheduler: oneOf(...schedulers),
  seed: text,
  baseModelId: model,
  modelEpoch: text,
  concepts: conceptsField,
  hideResults: withDefault(false, toggle),
  intermediateImages: withDefault(false, toggle),
}

export const sourceImageFields: EndpointFields<SourceImageInputs> = {
  image,
  imageId,
  imageHide: withDefault(false, toggle),
  imageParentId: imageId,
}

export const strengthFields: EndpointFields<StrengthInputs> = { strength: between(0.01, 1) }

export const maskFields: EndpointFields<MaskInputs> = {
  mask: orAssetId("maskId", { ...image, maskFrom: "image" }),
  maskId: imageId,
}

export const mergingFields: EndpointFields<MergingInputs> = { disableMerging: withDefault(false, toggle) }

export const txt2imgFields: EndpointFields<Txt2ImgInputs> = {
  ...inferenceFields,
  aspectRatio: withDefault("1:1", oneOf(...aspectRatios)),
}

/** An image that the mode requires. The contract can't express "one of two", so both are optional there. */
export const neededImage = requiredUnless("imageId", image)

export const img2imgFields: EndpointFields<Img2ImgInputs> = {
  ...inferenceFields,
  ...sourceImageFields,
  ...strengthFields,
  image: neededImage,
}

export const imageEndpoints = {
  txt2img: endpoint("txt2img", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "txt2img",
    fields: describe<Txt2ImgInputs>(txt2imgFields),
  }),
  img2img: endpoint("img2img", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "img2img",
    fields: describe<Img2ImgInputs>(img2imgFields),
  }),
  inpaint: endpoint("inpaint", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "inpaint",
    fields: describe<InpaintInputs>({ ...img2imgFields, ...maskFields, ...mergingFields }),
  }),
} as const
