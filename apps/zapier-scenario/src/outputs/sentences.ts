import { endSentence } from "@scenario-automation/core/host"

export const joinSentences = (...texts: ReadonlyArray<string | undefined>): string | undefined => {
  const sentences = texts
    .filter((text) => text !== undefined && text.trim() !== "")
    .map((text = "") => endSentence(text))
  return sentences.length === 0 ? undefined : sentences.join(" ")
}
