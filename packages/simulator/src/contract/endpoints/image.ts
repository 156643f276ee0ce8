import type { PictureStyle } from "../../media/AssetSpec.ts"
import type { Endpoint } from "./Endpoint.ts"
import { between, boolean, file, type Fields, makeListField, oneOf, record, required, text } from "./Field.ts"

// Source: the request bodies of Scenario's contract (OAS).

const aspectRatios = "16:9 1:1 21:9 2:3 3:2 3:4 4:3 4:5 5:4 9:16 9:21"

const schedulers =
  "DDIM DDPM DEISMultistep DPMSolverMultistep DPMSolverSinglestep EulerAncestralDiscrete EulerDiscrete HeunDiscrete " +
  "KDPM2AncestralDiscrete KDPM2Discrete LCM LMSDiscrete PNDM TCD UniPCMultistep"

export const conceptsField = makeListField(
  record({ modelId: required(text), scale: required(between(-2, 2)), modelEpoch: text }),
)

const inferenceFields: Fields = {
  modelId: required(text),
  prompt: required(text),
  baseModelId: text,
  modelEpoch: text,
  concepts: conceptsField,
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

export const aspectRatioFields: Fields = { aspectRatio: oneOf(aspectRatios) }

export const sourceImageFields: Fields = {
  image: file,
  imageId: file,
  imageParentId: text,
  imageHide: boolean,
}

export const strengthFields: Fields = { strength: between(0.01, 1) }

export const maskFields: Fields = { mask: file, maskId: file }

export const mergingFields: Fields = { disableMerging: boolean }

export const imageGroup = ["image", "imageId"]
export const maskGroup = ["mask", "maskId"]

/** An endpoint that runs a diffusion model. `source` is the `source` of its assets without the prefix. */
export const inferenceEndpoint = (
  name: string,
  source: string,
  style: PictureStyle,
  fields: Fields,
  oneOfEach: ReadonlyArray<ReadonlyArray<string>>,
): Endpoint => ({
  name,
  jobType: "inference",
  response: "inference",
  duration: style === "texture" ? "texture" : "image",
  assetType: `inference-${name}`,
  assetSource: `inference-${source}`,
  style,
  fields: { ...inferenceFields, ...fields },
  oneOfEach,
  unitPrice: style === "controlnet" ? 6 : style === "texture" ? 8 : 5,
})

export const imageEndpoints: ReadonlyArray<Endpoint> = [
  inferenceEndpoint("txt2img", "txt", "scene", aspectRatioFields, []),
  inferenceEndpoint("img2img", "img", "painting", { ...sourceImageFields, ...strengthFields }, [imageGroup]),
  inferenceEndpoint(
    "inpaint",
    "in-paint",
    "painting",
    { ...sourceImageFields, ...strengthFields, ...maskFields, ...mergingFields },
    [imageGroup, maskGroup],
  ),
]
