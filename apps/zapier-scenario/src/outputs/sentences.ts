export const joinSentences = (...texts: ReadonlyArray<string | undefined>): string | undefined => {
  const sentences = texts
    .filter((text) => text !== undefined && text.trim() !== "")
    .map((text = "") => endSentence(text))
  return sentences.length === 0 ? undefined : sentences.join(" ")
}

/** Ends a text of Scenario's in a full stop, so that another sentence can follow. */
export const endSentence = (text: string): string =>
  /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
