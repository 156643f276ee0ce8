import type { Endpoint } from "./Endpoint.ts"
import { between, boolean, file, type Fields, oneOf, required } from "./Field.ts"
import {
  imageGroup,
  inferenceEndpoint,
  maskFields,
  maskGroup,
  mergingFields,
  sourceImageFields,
  strengthFields,
} from "./image.ts"

export const controlImageFields: Fields = { controlImage: file, controlImageId: file }

export const controlnetFields: Fields = {
  ...sourceImageFields,
  ...controlImageFields,
  modality: required(
    oneOf(
      "blur canny depth gray illusion lineart lines low-quality normal-map pose scribble seg sketch tile",
    ),
  ),
  controlStart: between(0, 0.9),
  controlEnd: between(0.1, 1),
  disableModalityDetection: boolean,
}

export const controlGroup = ["controlImage", "controlImageId", "image", "imageId"]

export const controlnetEndpoints: ReadonlyArray<Endpoint> = [
  inferenceEndpoint("controlnet", "control-net", "controlnet", controlnetFields, [controlGroup]),
  inferenceEndpoint(
    "controlnet-img2img",
    "control-net-img",
    "controlnet",
    { ...controlnetFields, ...strengthFields },
    [imageGroup, controlGroup],
  ),
  inferenceEndpoint(
    "controlnet-inpaint",
    "control-net-inpainting",
    "controlnet",
    { ...controlnetFields, ...strengthFields, ...maskFields, ...mergingFields },
    [imageGroup, maskGroup, controlGroup],
  ),
]
