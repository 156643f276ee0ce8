/** The members that contain the text of text endpoints and language models. */
const textMembers = ["text", "prompts", "translation", "captions", "description", "synthesis"]

/** A result that isn't a file: its text, or else JSON. */
export const formatOutput = (output: Readonly<Record<string, unknown>>): ReadonlyArray<string> => {
  const texts = textMembers.flatMap((member) => readTexts(output[member]))
  return texts.length > 0 ? texts : [JSON.stringify(output, undefined, 2)]
}

const readTexts = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : []
}
