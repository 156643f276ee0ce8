import type { FileInput } from "../../account/LocalFile.ts"
import {
  controlImageFields,
  type ControlImageInputs,
  controlnetFields,
  type ControlnetInputs,
} from "./controlnet.ts"
import { endpoint, inferenceJobTypes } from "./Endpoint.ts"
import {
  between,
  describe,
  type Field,
  type EndpointFields,
  image,
  imageId,
  imageIds,
  images,
  oneOf,
  orAssetId,
  withDefault,
} from "./Field.ts"
import {
  img2imgFields,
  type Img2ImgInputs,
  maskFields,
  type MaskInputs,
  mergingFields,
  type MergingInputs,
  txt2imgFields,
  type Txt2ImgInputs,
} from "./image.ts"

/** Images whose style or character is applied to the result. */
export interface IpAdapterInputs {
  /** Data URLs or files. Asset IDs here are sent as `ipAdapterImageIds`. They can't be mixed. */
  readonly ipAdapterImages?: ReadonlyArray<FileInput> | undefined
  readonly ipAdapterImageIds?: ReadonlyArray<string> | undefined
  /** 0..1 for each image, default 0.9. */
  readonly ipAdapterScales?: ReadonlyArray<number> | undefined
  /** What to apply. Default `style`. */
  readonly ipAdapterType?: "style" | "character" | undefined
  /** Deprecated by Scenario for text and image modes: use `ipAdapterImages`. */
  readonly ipAdapterImage?: FileInput | undefined
  /** Deprecated too: use `ipAdapterImageIds`. */
  readonly ipAdapterImageId?: string | undefined
  /** Deprecated too: use `ipAdapterScales`. 0..1, default 0.9. */
  readonly ipAdapterScale?: number | undefined
}

export interface Txt2ImgIpAdapterInputs extends Txt2ImgInputs, IpAdapterInputs {}
/** The contract lists mask fields for this mode too. */
export interface Img2ImgIpAdapterInputs extends Img2ImgInputs, IpAdapterInputs, MaskInputs {}
export interface InpaintIpAdapterInputs extends Img2ImgIpAdapterInputs, MergingInputs {}
export interface ControlnetIpAdapterInputs extends ControlnetInputs, IpAdapterInputs {}
/** By the contract, it has a control image but no modality. */
export interface ControlnetInpaintIpAdapterInputs extends InpaintIpAdapterInputs, ControlImageInputs {}

export interface IpAdapterEndpointInputs {
  readonly "txt2img-ip-adapter": Txt2ImgIpAdapterInputs
  readonly "img2img-ip-adapter": Img2ImgIpAdapterInputs
  readonly "inpaint-ip-adapter": InpaintIpAdapterInputs
  readonly "controlnet-ip-adapter": ControlnetIpAdapterInputs
  readonly "controlnet-inpaint-ip-adapter": ControlnetInpaintIpAdapterInputs
}

const scales: Field = { type: "number_array", min: 0, max: 1 }

const ipAdapterFields: EndpointFields<IpAdapterInputs> = {
  ipAdapterImages: orAssetId("ipAdapterImageIds", images),
  ipAdapterImageIds: imageIds,
  ipAdapterScales: scales,
  ipAdapterType: withDefault("style", oneOf("style", "character")),
  ipAdapterImage: orAssetId("ipAdapterImageId", image),
  ipAdapterImageId: imageId,
  ipAdapterScale: between(0, 1),
}

const img2imgIpAdapterFields: EndpointFields<Img2ImgIpAdapterInputs> = {
  ...img2imgFields,
  ...ipAdapterFields,
  ...maskFields,
}

const inpaintIpAdapterFields: EndpointFields<InpaintIpAdapterInputs> = {
  ...img2imgIpAdapterFields,
  ...mergingFields,
}

export const ipAdapterEndpoints = {
  "txt2img-ip-adapter": endpoint("txt2img-ip-adapter", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "txt2img_ip_adapter",
    fields: describe<Txt2ImgIpAdapterInputs>({ ...txt2imgFields, ...ipAdapterFields }),
  }),
  "img2img-ip-adapter": endpoint("img2img-ip-adapter", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "img2img_ip_adapter",
    fields: describe<Img2ImgIpAdapterInputs>(img2imgIpAdapterFields),
  }),
  "inpaint-ip-adapter": endpoint("inpaint-ip-adapter", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "inpaint_ip_adapter",
    fields: describe<InpaintIpAdapterInputs>(inpaintIpAdapterFields),
  }),
  "controlnet-ip-adapter": endpoint("controlnet-ip-adapter", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "controlnet_ip_adapter",
    fields: describe<ControlnetIpAdapterInputs>({ ...controlnetFields, ...ipAdapterFields }),
  }),
  "controlnet-inpaint-ip-adapter": endpoint("controlnet-inpaint-ip-adapter", {
    returns: "job",
    jobTypes: inferenceJobTypes,
    capability: "controlnet_inpaint_ip_adapter",
    fields: describe<ControlnetInpaintIpAdapterInputs>({ ...inpaintIpAdapterFields, ...controlImageFields }),
  }),
} as const
