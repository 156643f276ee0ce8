import type { AssetSpec } from "./AssetSpec.ts"

/** What the simulated language model writes. Long prompts get long answers, past the preview's length. */
export const writeAnswer = (spec: AssetSpec): string => {
  const opening = `About "${spec.prompt}", ${spec.modelName} has this to say (seed ${spec.seed}).\n\n`
  const body =
    "It is made of light and patience, it keeps its shape in every weather, and it asks for nothing. "
  return opening + body.repeat(spec.prompt.length > 200 ? 12 : 2).trimEnd() + "\n"
}
