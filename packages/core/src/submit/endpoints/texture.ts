import type { FileInput } from "../../account/LocalFile.ts"
import { controlnetFields, type ControlnetInputs } from "./controlnet.ts"
import { endpoint, inferenceJobTypes } from "./Endpoint.ts"
import { between, describe, image, required, toggle, withDefault } from "./Field.ts"
import {
  img2imgFields,
  type Img2ImgInputs,
  inferenceFields,
  type InferenceInputs,
  maskFields,
  type MaskInputs,
} from "./image.ts"

export type Txt2ImgTextureInputs = InferenceInputs
/** The contract lists mask fields for this mode too. */
export interface Img2ImgTextureInputs extends Img2ImgInputs, MaskInputs {}
export type ControlnetTextureInputs = ControlnetInputs

/** Makes height, normal, smoothness, metallic, edge, and ambient-occlusion maps of a texture. */
export interface TextureInputs {
  /** The image of the texture. */
  readonly texture: FileInput
  /** Use the defaults instead of the sliders. Default false. */
  readonly defaultParameters?: boolean | undefined
  /** 0 (rough) .. 1 (a mirror). */
  readonly polished?: number | undefined
  /** 0 (round) .. 1 (mechanical). */
  readonly angular?: number | undefined
  /** 0 (flat) .. 1 (rugged). */
  readonly raised?: number | undefined
  /** 0 (matte) .. 1 (brilliant). */
  readonly shiny?: number | undefined
  /** Invert the relief. Default false. */
  readonly invert?: boolean | undefined
  /** Also make a flipbook, except for textures above 2048 x 2048 pixels. Default true. */
  readonly saveFlipbook?: boolean | undefined
}

export interface TextureEndpointInputs {
  readonly "txt2img-texture": Txt2ImgTextureInputs
  readonly "img2img-texture": Img2ImgTextureInputs
  readonly "controlnet-texture": ControlnetTextureInputs
  readonly texture: TextureInputs
}

const slider = between(0, 1)

export const textureEndpoints = {
  "txt2img-texture": endpoint("txt2img-texture", {
    returns: "job",
    jobTypes: [...inferenceJobTypes, "texture"],
    capability: "txt2img_texture",
    fields: describe<Txt2ImgTextureInputs>(inferenceFields),
  }),
  "img2img-texture": endpoint("img2img-texture", {
    returns: "job",
    jobTypes: [...inferenceJobTypes, "texture"],
    capability: "img2img_texture",
    fields: describe<Img2ImgTextureInputs>({ ...img2imgFields, ...maskFields }),
  }),
  "controlnet-texture": endpoint("controlnet-texture", {
    returns: "job",
    jobTypes: [...inferenceJobTypes, "texture"],
    capability: "controlnet_texture",
    fields: describe<ControlnetTextureInputs>(controlnetFields),
  }),
  texture: endpoint("texture", {
    returns: "job",
    jobTypes: ["texture"],
    fields: describe<TextureInputs>({
      texture: required(image),
      defaultParameters: withDefault(false, toggle),
      polished: slider,
      angular: slider,
      raised: slider,
      shiny: slider,
      invert: withDefault(false, toggle),
      saveFlipbook: withDefault(true, toggle),
    }),
  }),
} as const
