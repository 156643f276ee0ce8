/** A text of somebody else's as a sentence, so that another can follow it. */
export const endSentence = (text: string): string =>
  /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
