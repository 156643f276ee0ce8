import type { FileInput } from "../../account/LocalFile.ts"
import { endpoint } from "./Endpoint.ts"
import {
  between,
  describe,
  image,
  images,
  numericSeed,
  oneOf,
  percent,
  required,
  text,
  toggle,
  wholeBetween,
  withDefault,
} from "./Field.ts"

/** Makes a seamless panorama of 360 degrees. */
export interface SkyboxInputs {
  readonly prompt: string
  readonly negativePrompt?: string | undefined
  /** 0..10, default 0. A negative prompt needs more than 0. */
  readonly negativePromptStrength?: number | undefined
  /** Pixels: 1024..2048. */
  readonly width?: number | undefined
  /** 1..8 */
  readonly numOutputs?: number | undefined
  /** Default `standard`. */
  readonly style?: (typeof skyboxStyles)[number] | undefined
  /** 20..50 */
  readonly numInferenceSteps?: number | undefined
  /** 0..100 */
  readonly promptFidelity?: number | undefined
  /** An image to start from. */
  readonly image?: FileInput | undefined
  /** How much to change it: 0.01..1, default 0.75. */
  readonly strength?: number | undefined
  /** An image whose edges are kept. They are detected first. */
  readonly structureImage?: FileInput | undefined
  /** An image that is an edge map already. */
  readonly cannyStructureImage?: FileInput | undefined
  /** 0..100, with one of these two images. */
  readonly structureFidelity?: number | undefined
  /** An image that is a depth map already. */
  readonly depthImage?: FileInput | undefined
  /** 0..100, with a depth image. */
  readonly depthFidelity?: number | undefined
  /** How strictly the geometry of a panorama is enforced: 0..100. The default depends on the other fields. */
  readonly geometryEnforcement?: number | undefined
  /** 0..2147483647. Default: random. */
  readonly seed?: number | undefined
  /** Deprecated by Scenario. */
  readonly styleImages?: ReadonlyArray<FileInput> | undefined
  /** Deprecated by Scenario. 0..100 */
  readonly styleFidelity?: number | undefined
  /** Deprecated by Scenario. */
  readonly overrideEmbeddings?: boolean | undefined
}

export interface SkyboxUpscaleInputs {
  readonly image: FileInput
  /** 1..8, if no `targetWidth` is given. */
  readonly scalingFactor?: number | undefined
  /** Pixels: 1024..16000. Overrides `scalingFactor`. */
  readonly targetWidth?: number | undefined
  readonly prompt?: string | undefined
  readonly negativePrompt?: string | undefined
  /** 0..100 */
  readonly promptFidelity?: number | undefined
  /** Details to remove or add: -50..50. */
  readonly detailsLevel?: number | undefined
  /** Asset IDs. One is usually enough. */
  readonly styleImages?: ReadonlyArray<FileInput> | undefined
  /** 0..100, default 80. */
  readonly styleFidelity?: number | undefined
  /** Default false. */
  readonly sharpen?: boolean | undefined
  /** Keep each tile's colors. Default true. */
  readonly colorCorrection?: boolean | undefined
  /** Use only the prompts, not the model's own. */
  readonly overrideEmbeddings?: boolean | undefined
  /** 0..2147483647. Default: random. */
  readonly seed?: number | undefined
}

export interface SkyboxEndpointInputs {
  readonly "skybox-base-360": SkyboxInputs
  readonly "skybox-upscale-360": SkyboxUpscaleInputs
}

const skyboxStyles = [
  "3d-cartoon",
  "cartoon",
  "cinematic",
  "claymation",
  "cloud-skydome",
  "comic",
  "cyberpunk",
  "enchanted",
  "fantasy",
  "ink",
  "manga",
  "manga-color",
  "neon-tron",
  "oil-painting",
  "pastel",
  "photo",
  "psychedelic",
  "retro-fantasy",
  "scifi-concept-art",
  "space",
  "standard",
  "whimsical",
] as const

export const skyboxEndpoints = {
  "skybox-base-360": endpoint("skybox-base-360", {
    returns: "job",
    jobTypes: ["skybox-base-360", "skybox-hdri", "skybox-3d", "custom"],
    fields: describe<SkyboxInputs>({
      prompt: required({ ...text, prompt: true }),
      negativePrompt: text,
      negativePromptStrength: between(0, 10),
      width: wholeBetween(1024, 2048),
      numOutputs: wholeBetween(1, 8),
      style: withDefault("standard", oneOf(...skyboxStyles)),
      numInferenceSteps: wholeBetween(20, 50),
      promptFidelity: percent,
      image,
      strength: between(0.01, 1),
      structureImage: image,
      cannyStructureImage: image,
      structureFidelity: percent,
      depthImage: image,
      depthFidelity: percent,
      geometryEnforcement: percent,
      seed: numericSeed,
      styleImages: images,
      styleFidelity: percent,
      overrideEmbeddings: toggle,
    }),
  }),
  "skybox-upscale-360": endpoint("skybox-upscale-360", {
    returns: "job",
    jobTypes: ["skybox-upscale-360", "upscale-skybox", "custom"],
    fields: describe<SkyboxUpscaleInputs>({
      image: required(image),
      scalingFactor: between(1, 8),
      targetWidth: wholeBetween(1024, 16_000),
      prompt: text,
      negativePrompt: text,
      promptFidelity: percent,
      detailsLevel: between(-50, 50),
      styleImages: images,
      styleFidelity: percent,
      sharpen: withDefault(false, toggle),
      colorCorrection: withDefault(true, toggle),
      overrideEmbeddings: toggle,
      seed: numericSeed,
    }),
  }),
} as const
