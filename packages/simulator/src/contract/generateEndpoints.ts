import { assetEndpoints } from "./assetEndpoints.ts"
import { diffusionEndpoints } from "./diffusionEndpoints.ts"
import { editEndpoints } from "./editEndpoints.ts"
import type { GenerateEndpoint } from "./GenerateEndpoint.ts"
import { textEndpoints } from "./textEndpoints.ts"

/** The 33 named endpoints under `/generate/`, by name. */
export const generateEndpoints: ReadonlyMap<string, GenerateEndpoint> = new Map(
  [...diffusionEndpoints, ...assetEndpoints, ...editEndpoints, ...textEndpoints].map((endpoint) => [
    endpoint.name,
    endpoint,
  ]),
)
