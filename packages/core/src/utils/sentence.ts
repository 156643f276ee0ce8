/** Ends a text from elsewhere with a full stop, so that another sentence can follow it. */
export const endSentence = (text: string): string =>
  /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
