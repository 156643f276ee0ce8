import { Schema } from "effect"

/** One thing that is wrong with a request's input. */
export const InputIssue = Schema.Struct({
  /** Where: a field's name, with an index for an element: `referenceImages[2]`. */
  path: Schema.String,
  /** What was expected there, as a noun phrase: `a whole number from 1 to 128`. */
  expected: Schema.String,
  /** What was given instead, shortened; never the content of a file. */
  got: Schema.String,
})
export type InputIssue = typeof InputIssue.Type
