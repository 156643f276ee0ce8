import { controlGroup, controlImageFields, controlnetFields } from "./controlnet.ts"
import type { Endpoint } from "./Endpoint.ts"
import { between, file, files, type Fields, makeListField, number, oneOf } from "./Field.ts"
import {
  aspectRatioFields,
  imageGroup,
  inferenceEndpoint,
  maskFields,
  maskGroup,
  mergingFields,
  sourceImageFields,
  strengthFields,
} from "./image.ts"

const adapterFields: Fields = {
  ipAdapterImage: file,
  ipAdapterImageId: file,
  ipAdapterImages: files,
  ipAdapterImageIds: files,
  ipAdapterScale: between(0, 1),
  ipAdapterScales: makeListField(number),
  ipAdapterType: oneOf("character style"),
}

const adapterGroup = ["ipAdapterImage", "ipAdapterImageId", "ipAdapterImages", "ipAdapterImageIds"]

export const ipAdapterEndpoints: ReadonlyArray<Endpoint> = [
  inferenceEndpoint(
    "txt2img-ip-adapter",
    "txt-ip-adapter",
    "adapter",
    { ...aspectRatioFields, ...adapterFields },
    [adapterGroup],
  ),
  inferenceEndpoint(
    "img2img-ip-adapter",
    "img-ip-adapter",
    "adapter",
    { ...sourceImageFields, ...strengthFields, ...maskFields, ...adapterFields },
    [imageGroup, adapterGroup],
  ),
  inferenceEndpoint(
    "inpaint-ip-adapter",
    "in-paint-ip-adapter",
    "adapter",
    { ...sourceImageFields, ...strengthFields, ...maskFields, ...mergingFields, ...adapterFields },
    [imageGroup, maskGroup, adapterGroup],
  ),
  inferenceEndpoint(
    "controlnet-ip-adapter",
    "control-net-ip-adapter",
    "controlnet",
    { ...controlnetFields, ...adapterFields },
    [controlGroup, adapterGroup],
  ),
  inferenceEndpoint(
    "controlnet-inpaint-ip-adapter",
    "control-net-inpainting-ip-adapter",
    "controlnet",
    // Unlike the other ControlNet bodies, the contract lists no modality, start, or end here.
    {
      ...sourceImageFields,
      ...strengthFields,
      ...maskFields,
      ...mergingFields,
      ...controlImageFields,
      ...adapterFields,
    },
    [imageGroup, maskGroup, controlGroup, adapterGroup],
  ),
]
