/** One thing that is wrong with a request's input. */
export interface InputIssue {
  /** Where: a field's name, with an index for an element: `referenceImages[2]`. */
  readonly path: string
  /** What was expected there, as a noun phrase: `a whole number from 1 to 128`. */
  readonly expected: string
  /** What was given instead, shortened; never the content of a file. */
  readonly got: string
}
