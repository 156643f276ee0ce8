import { controlGroup, controlnetFields } from "./controlnet.ts"
import { type Endpoint, endpoint } from "./Endpoint.ts"
import { between, boolean, file, required } from "./Field.ts"
import { imageGroup, inferenceEndpoint, maskFields, sourceImageFields, strengthFields } from "./image.ts"

export const textureEndpoints: ReadonlyArray<Endpoint> = [
  inferenceEndpoint("txt2img-texture", "txt-texture", "texture", {}, []),
  inferenceEndpoint(
    "img2img-texture",
    "img-texture",
    "texture",
    { ...sourceImageFields, ...strengthFields, ...maskFields },
    [imageGroup],
  ),
  inferenceEndpoint("controlnet-texture", "control-net-texture", "texture", controlnetFields, [controlGroup]),
  endpoint("texture", {
    jobType: "texture",
    response: "job",
    duration: "texture",
    style: "texture",
    unitPrice: 10,
    assetType: "texture",
    fields: {
      texture: required(file),
      defaultParameters: boolean,
      polished: between(0, 1),
      angular: between(0, 1),
      invert: boolean,
      saveFlipbook: boolean,
      raised: between(0, 1),
      shiny: between(0, 1),
    },
  }),
]
