/** Texts as sentences, one after the other; nothing if there is none. */
export const joinSentences = (...texts: ReadonlyArray<string | undefined>): string | undefined => {
  const sentences = texts
    .map((text) => text?.trim() ?? "")
    .filter((text) => text !== "")
    .map((text) => (/[.!?]$/.test(text) ? text : `${text}.`))
  return sentences.length === 0 ? undefined : sentences.join(" ")
}
