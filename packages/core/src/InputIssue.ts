/** One problem with an input of a request. */
export interface InputIssue {
  /** The input's name, with an index for an element: `referenceImages[2]`. */
  readonly path: string
  /** One or two sentences: what is wrong, and what to do. */
  readonly message: string
  /** If a value is wrong, what it must be, as a noun phrase: `a whole number from 1 to 128`. */
  readonly expected?: string | undefined
  /** If a value is wrong, what it is, shortened, or `nothing`. Never the content of a file. */
  readonly got?: string | undefined
}

/** The issue with a value that isn't what the input takes. */
export const makeValueIssue = (path: string, expected: string, got: string): InputIssue => ({
  path,
  message: got === "nothing" ? `Missing. Provide ${expected}.` : `Expected ${expected}, got ${got}.`,
  expected,
  got,
})
