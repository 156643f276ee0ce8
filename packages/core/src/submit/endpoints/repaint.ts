import type { FileInput } from "../../account/LocalFile.ts"
import { endpoint } from "./Endpoint.ts"
import {
  between,
  describe,
  image,
  imageId,
  images,
  number,
  numericSeed,
  oneOf,
  orAssetId,
  percent,
  required,
  text,
  toggle,
  wholeBetween,
  withDefault,
} from "./Field.ts"
import { aspectRatios, type AspectRatio, type Concept, conceptsField } from "./image.ts"

/** Enlarges an image. Deprecated by Scenario in favor of the model `model_scenario-upscale-v3`. */
export interface UpscaleInputs {
  readonly image: FileInput
  /** Default `balanced`. */
  readonly preset?: "balanced" | "creative" | "precise" | undefined
  /** Default `standard`. */
  readonly style?: (typeof upscaleStyles)[number] | undefined
  /** 1..16, if no `targetWidth` is given. */
  readonly scalingFactor?: number | undefined
  /** Pixels: 1024..16000. Overrides `scalingFactor`. */
  readonly targetWidth?: number | undefined
  readonly prompt?: string | undefined
  readonly negativePrompt?: string | undefined
  /** Invented details: 0..100. Default by preset and style. */
  readonly creativity?: number | undefined
  /** How fast creativity fades over the process: 0..100. */
  readonly creativityDecay?: number | undefined
  /** Details to remove or add: -50..50. */
  readonly detailsLevel?: number | undefined
  /** 0..100. Default by preset and style. */
  readonly imageFidelity?: number | undefined
  /** 0..100. Default by preset and style. */
  readonly promptFidelity?: number | undefined
  /** 0 (large scale, coherent, slower, and more expensive) .. 100 (small scale, more details). */
  readonly fractality?: number | undefined
  /** More refining before the scaling: 0..4. */
  readonly refinementSteps?: number | undefined
  /** Asset IDs. One is usually enough. */
  readonly styleImages?: ReadonlyArray<FileInput> | undefined
  /** 0..100 */
  readonly styleImagesFidelity?: number | undefined
  /** Match the image's tiles with those of the style images. Default false. */
  readonly tileStyle?: boolean | undefined
  /** What must be seamless. Default `seamfull`: nothing. */
  readonly imageType?: "seamfull" | "skybox" | "texture" | undefined
  /** Use only the prompts, not the model's own. */
  readonly overrideEmbeddings?: boolean | undefined
  /** 0..2147483647. Default: random. */
  readonly seed?: number | undefined
}

/** Changes the proportions of an image, and paints the missing parts. */
export interface ReframeInputs {
  readonly image: FileInput
  /** Pixels: 0..2048. */
  readonly targetWidth: number
  /** Pixels: 0..2048. */
  readonly targetHeight: number
  readonly prompt?: string | undefined
  /** The position of the image in the result. Default `middle`. */
  readonly inputLocation?: "bottom" | "left" | "middle" | "right" | "top" | undefined
  /** The image's share of the result: 0.1..1. */
  readonly resizeOption?: number | undefined
  /** 0..0.5 */
  readonly overlapPercentage?: number | undefined
  /** 1..15 */
  readonly promptFidelity?: number | undefined
  /** 5..50 */
  readonly numInferenceSteps?: number | undefined
  readonly concepts?: ReadonlyArray<Concept> | undefined
  /** 0..2147483647. Default: random. */
  readonly seed?: number | undefined
  /** Deprecated by Scenario. */
  readonly negativePrompt?: string | undefined
  /** Deprecated by Scenario. 1..2 */
  readonly horizontalExpansionRatio?: number | undefined
  /** Deprecated by Scenario. 1..2 */
  readonly verticalExpansionRatio?: number | undefined
}

/** Repaints a sketch or an image in the style of others. */
export interface RestyleInputs {
  readonly image: FileInput
  /** Asset IDs. One is usually enough. */
  readonly styleImages: ReadonlyArray<FileInput>
  readonly prompt?: string | undefined
  /** 0..100 */
  readonly styleFidelity?: number | undefined
  /** 0..100 */
  readonly structureFidelity?: number | undefined
  /** 0..100 */
  readonly promptFidelity?: number | undefined
  /** 5..50 */
  readonly numInferenceSteps?: number | undefined
  readonly controlEnd?: number | undefined
  /** Default false. */
  readonly clustering?: boolean | undefined
  /** Whether the image is a sketch. Default false. */
  readonly sketch?: boolean | undefined
  /** 0..2147483647. Default: random. */
  readonly seed?: number | undefined
}

/** Replaces what the mask covers. */
export interface GenerativeFillInputs {
  readonly image: FileInput
  readonly mask?: FileInput | undefined
  /** The asset ID of the mask. An asset ID in `mask` is sent here. */
  readonly maskId?: string | undefined
  readonly prompt?: string | undefined
  readonly negativePrompt?: string | undefined
  /** Pixels: 0..2048. */
  readonly targetWidth?: number | undefined
  /** Pixels: 0..2048. */
  readonly targetHeight?: number | undefined
  /** 1..15 */
  readonly promptFidelity?: number | undefined
  /** 5..50 */
  readonly numInferenceSteps?: number | undefined
  /** 0..2147483647. Default: random. */
  readonly seed?: number | undefined
}

/** Edits an image by words. */
export interface PromptEditingInputs {
  readonly image: FileInput
  readonly prompt: string
  /** Default `gemini-2.5-flash`. */
  readonly modelId?: (typeof editingModels)[number] | undefined
  /** At most 5 for Gemini and GPT, 3 for Flux Kontext (0 with concepts), 2 for Runway. */
  readonly referenceImages?: ReadonlyArray<FileInput> | undefined
  /** The maximum depends on the plan. */
  readonly numSamples?: number | undefined
  /** Default `auto`. */
  readonly aspectRatio?: AspectRatio | "auto" | undefined
  /** Default `high`. Not for Gemini. */
  readonly quality?: "high" | "medium" | "low" | undefined
  /** Default `png`. Only GPT. */
  readonly format?: "jpeg" | "png" | "webp" | undefined
  /** Percent, default 100. Only GPT with `webp` or `jpeg`. */
  readonly compression?: number | undefined
  /** How much of the image's details to keep. Default `low`. Only GPT. */
  readonly inputFidelity?: "high" | "low" | undefined
  /** Where to edit: black is replaced. Only GPT. */
  readonly mask?: FileInput | undefined
  readonly concepts?: ReadonlyArray<Concept> | undefined
  /** Only Flux Kontext. */
  readonly guidanceScale?: number | undefined
  /** Only Flux Kontext LoRAs. */
  readonly strength?: number | undefined
  /** Only Flux Kontext. */
  readonly seed?: number | undefined
}

export interface RepaintEndpointInputs {
  readonly upscale: UpscaleInputs
  readonly reframe: ReframeInputs
  readonly restyle: RestyleInputs
  readonly "generative-fill": GenerativeFillInputs
  readonly "prompt-editing": PromptEditingInputs
}

const upscaleStyles = [
  "3d-rendered",
  "anime",
  "cartoon",
  "comic",
  "minimalist",
  "photography",
  "standard",
] as const

const editingModels = [
  "flux-kontext",
  "gemini-2.0-flash",
  "gemini-2.5-flash",
  "gpt-image-1",
  "runway-gen4-image",
  "seedream-4",
] as const

const targetPixels = wholeBetween(0, 2048)
const repaintSteps = wholeBetween(5, 50)

export const repaintEndpoints = {
  upscale: endpoint("upscale", {
    returns: "job",
    jobTypes: ["upscale", "upscale-skybox", "upscale-texture", "custom"],
    fields: describe<UpscaleInputs>({
      image: required(image),
      preset: withDefault("balanced", oneOf("balanced", "creative", "precise")),
      style: withDefault("standard", oneOf(...upscaleStyles)),
      scalingFactor: between(1, 16),
      targetWidth: wholeBetween(1024, 16_000),
      prompt: text,
      negativePrompt: text,
      creativity: percent,
      creativityDecay: percent,
      detailsLevel: between(-50, 50),
      imageFidelity: percent,
      promptFidelity: percent,
      fractality: percent,
      refinementSteps: wholeBetween(0, 4),
      styleImages: images,
      styleImagesFidelity: percent,
      tileStyle: withDefault(false, toggle),
      imageType: withDefault("seamfull", oneOf("seamfull", "skybox", "texture")),
      overrideEmbeddings: toggle,
      seed: numericSeed,
    }),
  }),
  reframe: endpoint("reframe", {
    returns: "job",
    jobTypes: ["reframe", "repaint", "custom"],
    fields: describe<ReframeInputs>({
      image: required(image),
      targetWidth: required(targetPixels),
      targetHeight: required(targetPixels),
      prompt: text,
      inputLocation: withDefault("middle", oneOf("bottom", "left", "middle", "right", "top")),
      resizeOption: between(0.1, 1),
      overlapPercentage: between(0, 0.5),
      promptFidelity: between(1, 15),
      numInferenceSteps: repaintSteps,
      concepts: conceptsField,
      seed: numericSeed,
      negativePrompt: text,
      horizontalExpansionRatio: between(1, 2),
      verticalExpansionRatio: between(1, 2),
    }),
  }),
  restyle: endpoint("restyle", {
    returns: "job",
    jobTypes: ["restyle", "custom"],
    fields: describe<RestyleInputs>({
      image: required(image),
      styleImages: required(images),
      prompt: text,
      styleFidelity: percent,
      structureFidelity: percent,
      promptFidelity: percent,
      numInferenceSteps: repaintSteps,
      controlEnd: number,
      clustering: withDefault(false, toggle),
      sketch: withDefault(false, toggle),
      seed: numericSeed,
    }),
  }),
  "generative-fill": endpoint("generative-fill", {
    returns: "job",
    jobTypes: ["repaint", "custom"],
    fields: describe<GenerativeFillInputs>({
      image: required(image),
      mask: orAssetId("maskId", { ...image, maskFrom: "image" }),
      maskId: imageId,
      prompt: text,
      negativePrompt: text,
      targetWidth: targetPixels,
      targetHeight: targetPixels,
      promptFidelity: between(1, 15),
      numInferenceSteps: repaintSteps,
      seed: numericSeed,
    }),
  }),
  "prompt-editing": endpoint("prompt-editing", {
    returns: "job",
    jobTypes: ["image-prompt-editing", "openai-image-generation", "flux", "custom"],
    fields: describe<PromptEditingInputs>({
      image: required(image),
      prompt: required(text),
      modelId: withDefault("gemini-2.5-flash", oneOf(...editingModels)),
      referenceImages: images,
      numSamples: { type: "number", min: 1, step: 1 },
      aspectRatio: withDefault("auto", oneOf(...aspectRatios, "auto")),
      quality: withDefault("high", oneOf("high", "low", "medium")),
      format: withDefault("png", oneOf("jpeg", "png", "webp")),
      compression: percent,
      inputFidelity: withDefault("low", oneOf("high", "low")),
      mask: image,
      concepts: conceptsField,
      guidanceScale: number,
      strength: number,
      seed: number,
    }),
  }),
} as const
