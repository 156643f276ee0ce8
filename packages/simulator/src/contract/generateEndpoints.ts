import { diffusionEndpoints } from "./diffusionEndpoints.ts"
import { editEndpoints, textEndpoints } from "./editEndpoints.ts"
import type { GenerateEndpoint } from "./GenerateEndpoint.ts"

/** The 33 named endpoints under `/generate/`, by name. */
export const generateEndpoints: ReadonlyMap<string, GenerateEndpoint> = new Map(
  [...diffusionEndpoints, ...editEndpoints, ...textEndpoints].map((endpoint) => [endpoint.name, endpoint]),
)
