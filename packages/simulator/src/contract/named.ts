import type { GenerateEndpoint } from "./GenerateEndpoint.ts"

/** A named endpoint; `source` and `metadata.type` of its assets are one word unless said otherwise. */
export const named = (
  name: string,
  parts: Pick<GenerateEndpoint, "jobType" | "answer" | "duration" | "style" | "fields" | "unitPrice"> & {
    readonly assetType: string
    readonly assetSource?: string
    readonly oneOfEach?: ReadonlyArray<readonly string[]>
  },
): GenerateEndpoint => ({
  ...parts,
  name,
  assetSource: parts.assetSource ?? parts.assetType,
  oneOfEach: parts.oneOfEach ?? [],
})
