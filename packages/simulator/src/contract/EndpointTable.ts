import { analysisEndpoints } from "./endpoints/analysis.ts"
import { controlnetEndpoints } from "./endpoints/controlnet.ts"
import { editEndpoints } from "./endpoints/edit.ts"
import type { Endpoint } from "./endpoints/Endpoint.ts"
import { imageEndpoints } from "./endpoints/image.ts"
import { ipAdapterEndpoints } from "./endpoints/ip-adapter.ts"
import { repaintEndpoints } from "./endpoints/repaint.ts"
import { skyboxEndpoints } from "./endpoints/skybox.ts"
import { textEndpoints } from "./endpoints/text.ts"
import { textureEndpoints } from "./endpoints/texture.ts"

/** The 33 named endpoints: those under `/generate/`, without `/generate/custom/{modelId}`. */
export const endpoints: ReadonlyArray<Endpoint> = [
  ...imageEndpoints,
  ...controlnetEndpoints,
  ...ipAdapterEndpoints,
  ...textureEndpoints,
  ...editEndpoints,
  ...repaintEndpoints,
  ...skyboxEndpoints,
  ...textEndpoints,
  ...analysisEndpoints,
]
