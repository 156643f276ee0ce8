/** The members in which the text endpoints and the language models answer, in the order they are looked for. */
const textMembers = ["text", "prompts", "translation", "captions", "description", "synthesis"]

/** A result that is no file, for people: the text itself where it is one, else JSON. */
export const formatOutput = (output: Readonly<Record<string, unknown>>): ReadonlyArray<string> => {
  const texts = textMembers.flatMap((member) => readTexts(output[member]))
  return texts.length > 0 ? texts : [JSON.stringify(output, undefined, 2)]
}

const readTexts = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : []
}
