import {
  readCaptions,
  readEmbedding,
  readPrompts,
  readStyleDescription,
  readTranslation,
} from "../InlineResult.ts"
import type { FileInput } from "../../account/LocalFile.ts"
import { endpoint } from "./Endpoint.ts"
import {
  between,
  describe,
  type EndpointFields,
  image,
  imageIds,
  images,
  model,
  number,
  oneOf,
  required,
  text,
  texts,
  toggle,
  wholeBetween,
  withDefault,
} from "./Field.ts"

/** How words are chosen. */
export interface SamplingInputs {
  /** 0 (focused) .. 2 (random). Change this or `topP`, not both. */
  readonly temperature?: number | undefined
  /** 0..1: the share of the probability mass to sample from. */
  readonly topP?: number | undefined
  /** The same seed with the same inputs usually gives the same words. */
  readonly seed?: number | undefined
  /** Try to avoid protected names. */
  readonly ensureIPCleared?: boolean | undefined
}

/** Prompt Spark: writes, completes, or invents prompts. */
export interface PromptInputs extends SamplingInputs {
  /** Default `structured`. `contextual` costs more than `structured`. */
  readonly mode?: (typeof promptModes)[number] | undefined
  readonly prompt?: string | undefined
  /** Images to write about. */
  readonly images?: ReadonlyArray<FileInput> | undefined
  /** The image to edit, with mode `image-editing`. */
  readonly image?: FileInput | undefined
  /** Like `images`, as asset IDs. */
  readonly assetIds?: ReadonlyArray<string> | undefined
  /** Write for this model. */
  readonly modelId?: string | undefined
  /** 1..5 */
  readonly numResults?: number | undefined
}

/** Translates text into English. */
export interface TranslateInputs extends SamplingInputs {
  readonly prompt: string
  readonly images?: ReadonlyArray<FileInput> | undefined
}

/** Describes images in words: one caption for each, in their order. */
export interface CaptionInputs extends SamplingInputs {
  readonly images: ReadonlyArray<FileInput>
  /** Ignored if a model with examples is given. */
  readonly detailsLevel?: "action" | "action+style" | undefined
  /** Write captions like those of this model. */
  readonly modelId?: string | undefined
  /** Words to avoid. */
  readonly unwantedSequences?: ReadonlyArray<string> | undefined
  /** Deprecated by Scenario: use `images`, which accepts asset IDs. */
  readonly assetIds?: ReadonlyArray<string> | undefined
}

/** Describes the style of images or of a model in words. */
export interface DescribeStyleInputs extends SamplingInputs {
  readonly images?: ReadonlyArray<FileInput> | undefined
  readonly modelId?: string | undefined
  readonly assetIds?: ReadonlyArray<string> | undefined
  /** Words to avoid. */
  readonly unwantedSequences?: ReadonlyArray<string> | undefined
}

/** Turns text into a vector of 1,024 numbers. */
export interface EmbedInputs {
  readonly text: string
}

export interface TextEndpointInputs {
  readonly prompt: PromptInputs
  readonly translate: TranslateInputs
  readonly caption: CaptionInputs
  readonly "describe-style": DescribeStyleInputs
  readonly embed: EmbedInputs
}

const promptModes = [
  "completion",
  "contextual",
  "contextual-v2",
  "image-editing",
  "inventive",
  "structured",
] as const

const samplingFields: EndpointFields<SamplingInputs> = {
  temperature: between(0, 2),
  topP: between(0, 1),
  seed: number,
  ensureIPCleared: toggle,
}

export const textEndpoints = {
  prompt: endpoint("prompt", {
    returns: "text",
    jobTypes: ["generate-prompt"],
    readInlineResult: readPrompts,
    fields: describe<PromptInputs>({
      ...samplingFields,
      mode: withDefault("structured", oneOf(...promptModes)),
      prompt: text,
      images,
      image,
      assetIds: imageIds,
      modelId: model,
      numResults: wholeBetween(1, 5),
    }),
  }),
  translate: endpoint("translate", {
    returns: "text",
    jobTypes: ["translate"],
    readInlineResult: readTranslation,
    fields: describe<TranslateInputs>({ ...samplingFields, prompt: required(text), images }),
  }),
  caption: endpoint("caption", {
    returns: "text",
    jobTypes: ["caption", "caption-llava"],
    readInlineResult: readCaptions,
    fields: describe<CaptionInputs>({
      ...samplingFields,
      images: required(images),
      detailsLevel: oneOf("action", "action+style"),
      modelId: model,
      unwantedSequences: texts,
      assetIds: imageIds,
    }),
  }),
  "describe-style": endpoint("describe-style", {
    returns: "text",
    jobTypes: ["describe-style"],
    readInlineResult: readStyleDescription,
    fields: describe<DescribeStyleInputs>({
      ...samplingFields,
      images,
      modelId: model,
      assetIds: imageIds,
      unwantedSequences: texts,
    }),
  }),
  embed: endpoint("embed", {
    returns: "text",
    jobTypes: ["embed"],
    readInlineResult: readEmbedding,
    fields: describe<EmbedInputs>({ text: required(text) }),
  }),
} as const
