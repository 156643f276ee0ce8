import { type AnalysisEndpointInputs, analysisEndpoints } from "./endpoints/analysis.ts"
import { type ControlnetEndpointInputs, controlnetEndpoints } from "./endpoints/controlnet.ts"
import { type EditEndpointInputs, editEndpoints } from "./endpoints/edit.ts"
import type { Endpoint } from "./endpoints/Endpoint.ts"
import { type ImageEndpointInputs, imageEndpoints } from "./endpoints/image.ts"
import { type IpAdapterEndpointInputs, ipAdapterEndpoints } from "./endpoints/ip-adapter.ts"
import { type RepaintEndpointInputs, repaintEndpoints } from "./endpoints/repaint.ts"
import { type SkyboxEndpointInputs, skyboxEndpoints } from "./endpoints/skybox.ts"
import { type TextEndpointInputs, textEndpoints } from "./endpoints/text.ts"
import { type TextureEndpointInputs, textureEndpoints } from "./endpoints/texture.ts"

/** The inputs of each named endpoint. */
export interface EndpointInputs
  extends
    ImageEndpointInputs,
    ControlnetEndpointInputs,
    IpAdapterEndpointInputs,
    TextureEndpointInputs,
    EditEndpointInputs,
    RepaintEndpointInputs,
    SkyboxEndpointInputs,
    TextEndpointInputs,
    AnalysisEndpointInputs {}

/** `txt2img`, `upscale`, `remove-background`, …: the part of the path after `/generate/`. */
export type EndpointName = keyof EndpointInputs

/** The named endpoints. Running a model with its own inputs (`/generate/custom/{modelId}`) isn't one of them. */
export const endpoints: { readonly [K in EndpointName]: Endpoint } = {
  ...imageEndpoints,
  ...controlnetEndpoints,
  ...ipAdapterEndpoints,
  ...textureEndpoints,
  ...editEndpoints,
  ...repaintEndpoints,
  ...skyboxEndpoints,
  ...textEndpoints,
  ...analysisEndpoints,
}

/** Checks a name that a user has typed or chosen. */
export const isEndpointName = (name: string): name is EndpointName => Object.hasOwn(endpoints, name)

/** All names, in the order of the table. */
export const endpointNames: ReadonlyArray<EndpointName> = Object.keys(endpoints).filter(isEndpointName)
