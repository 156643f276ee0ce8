import type { AssetSpec } from "./AssetSpec.ts"

/** The text of the simulated language model. A long prompt gets a text that is longer than the preview. */
export const writeAnswer = (spec: AssetSpec): string => {
  const opening = `About "${spec.prompt}", ${spec.modelName} writes this (seed ${spec.seed}).\n\n`
  const body =
    "It is made of light and patience, it keeps its shape in every weather, and it asks for nothing. "
  return opening + body.repeat(spec.prompt.length > 200 ? 12 : 2).trimEnd() + "\n"
}
