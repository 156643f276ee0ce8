import {
  between,
  boolean,
  file,
  files,
  type Fields,
  makeListField,
  number,
  oneOf,
  record,
  required,
  text,
} from "./Field.ts"
import type { GenerateEndpoint } from "./GenerateEndpoint.ts"
import type { PictureStyle } from "../media/AssetSpec.ts"

// The fourteen endpoints that answer with an inference. Facts: Scenario's contract (OAS), request bodies.

const aspectRatios = "16:9 1:1 21:9 2:3 3:2 3:4 4:3 4:5 5:4 9:16 9:21"

const schedulers =
  "DDIM DDPM DEISMultistep DPMSolverMultistep DPMSolverSinglestep EulerAncestralDiscrete EulerDiscrete HeunDiscrete " +
  "KDPM2AncestralDiscrete KDPM2Discrete LCM LMSDiscrete PNDM TCD UniPCMultistep"

export const concepts = makeListField(
  record({ modelId: required(text), scale: required(between(-2, 2)), modelEpoch: text }),
)

const base: Fields = {
  modelId: required(text),
  prompt: required(text),
  baseModelId: text,
  modelEpoch: text,
  concepts,
  numSamples: between(1, 128),
  numInferenceSteps: between(1, 150),
  guidance: between(0, 20),
  width: between(64, 2048),
  height: between(64, 2048),
  negativePrompt: text,
  negativePromptStrength: between(0, 10),
  scheduler: oneOf(
    schedulers
      .split(" ")
      .map((name) => `${name}Scheduler`)
      .join(" "),
  ),
  seed: text,
  hideResults: boolean,
  intermediateImages: boolean,
}

const aspectRatio: Fields = { aspectRatio: oneOf(aspectRatios) }

const fromImage: Fields = { image: file, imageId: file, imageParentId: text, imageHide: boolean }

const strength: Fields = { strength: between(0.01, 1) }

const masked: Fields = { mask: file, maskId: file }

const unmerged: Fields = { disableMerging: boolean }

const controlled: Fields = {
  ...fromImage,
  modality: required(
    oneOf(
      "blur canny depth gray illusion lineart lines low-quality normal-map pose scribble seg sketch tile",
    ),
  ),
  controlImage: file,
  controlImageId: file,
  controlStart: between(0, 0.9),
  controlEnd: between(0.1, 1),
  disableModalityDetection: boolean,
}

const ipAdapter: Fields = {
  ipAdapterImage: file,
  ipAdapterImageId: file,
  ipAdapterImages: files,
  ipAdapterImageIds: files,
  ipAdapterScale: between(0, 1),
  ipAdapterScales: makeListField(number),
  ipAdapterType: oneOf("character style"),
}

const image = ["image", "imageId"]
const mask = ["mask", "maskId"]
const control = ["controlImage", "controlImageId", "image", "imageId"]
const adapter = ["ipAdapterImage", "ipAdapterImageId", "ipAdapterImages", "ipAdapterImageIds"]

const diffusion = (
  name: string,
  source: string,
  style: PictureStyle,
  fields: Fields,
  oneOfEach: ReadonlyArray<readonly string[]>,
): GenerateEndpoint => ({
  name,
  jobType: "inference",
  answer: "inference",
  duration: style === "texture" ? "texture" : "image",
  assetType: `inference-${name}`,
  assetSource: `inference-${source}`,
  style,
  fields: { ...base, ...fields },
  oneOfEach,
  unitPrice: style === "controlnet" ? 6 : style === "texture" ? 8 : 5,
})

export const diffusionEndpoints: readonly GenerateEndpoint[] = [
  diffusion("txt2img", "txt", "scene", aspectRatio, []),
  diffusion("img2img", "img", "painting", { ...fromImage, ...strength }, [image]),
  diffusion("inpaint", "in-paint", "painting", { ...fromImage, ...strength, ...masked, ...unmerged }, [
    image,
    mask,
  ]),
  diffusion("controlnet", "control-net", "controlnet", controlled, [control]),
  diffusion("controlnet-img2img", "control-net-img", "controlnet", { ...controlled, ...strength }, [
    image,
    control,
  ]),
  diffusion(
    "controlnet-inpaint",
    "control-net-inpainting",
    "controlnet",
    { ...controlled, ...strength, ...masked, ...unmerged },
    [image, mask, control],
  ),
  diffusion("txt2img-ip-adapter", "txt-ip-adapter", "adapter", { ...aspectRatio, ...ipAdapter }, [adapter]),
  diffusion(
    "img2img-ip-adapter",
    "img-ip-adapter",
    "adapter",
    { ...fromImage, ...strength, ...masked, ...ipAdapter },
    [image, adapter],
  ),
  diffusion(
    "inpaint-ip-adapter",
    "in-paint-ip-adapter",
    "adapter",
    { ...fromImage, ...strength, ...masked, ...unmerged, ...ipAdapter },
    [image, mask, adapter],
  ),
  diffusion(
    "controlnet-ip-adapter",
    "control-net-ip-adapter",
    "controlnet",
    { ...controlled, ...ipAdapter },
    [control, adapter],
  ),
  diffusion(
    "controlnet-inpaint-ip-adapter",
    "control-net-inpainting-ip-adapter",
    "controlnet",
    // The contract lists no modality, start or end here, unlike the other ControlNet bodies.
    {
      ...fromImage,
      ...strength,
      ...masked,
      ...unmerged,
      controlImage: file,
      controlImageId: file,
      ...ipAdapter,
    },
    [image, mask, control, adapter],
  ),
  diffusion("txt2img-texture", "txt-texture", "texture", {}, []),
  diffusion("img2img-texture", "img-texture", "texture", { ...fromImage, ...strength, ...masked }, [image]),
  diffusion("controlnet-texture", "control-net-texture", "texture", controlled, [control]),
]
