import { Schema } from "effect"

/**
 * A submit before it is sent, as plain data: enough to find its job later, in any process (`reconcile`). Store it before
 * the request leaves (`onSending`), and nothing that happens afterwards can lose the job.
 */
export const SubmitIntent = Schema.Struct({
  /** Names this intent: a key to store it by. */
  id: Schema.NonEmptyString,
  method: Schema.Literals(["POST", "PUT"]),
  /** Below the base URL: `/generate/custom/model_1`. */
  path: Schema.NonEmptyString,
  /** What is sent, each data URL replaced by its type, size and SHA-256, and each integer beyond 2^53 by its decimal text. */
  inputs: Schema.Record(Schema.String, Schema.Unknown),
  /** What the API fills in for described inputs that were not set. */
  defaults: Schema.optional(Schema.Record(Schema.String, Schema.Unknown)),
  /** ISO date: the job can't have been created earlier. */
  notBefore: Schema.String,
  /** Whose date `notBefore` is: Scenario's, or this machine's if Scenario's was not known yet. */
  clock: Schema.Literals(["scenario", "local"]),
  /** The seed that this library chose, by which the job is recognized; absent if it chose none. */
  seed: Schema.optional(Schema.Number),
  /** The author of jobs made with this key, once an answered submit has shown it. */
  authorId: Schema.optional(Schema.String),
  /** ISO date of the last attempt, on the same clock as `notBefore`; absent until it was sent. */
  sentAt: Schema.optional(Schema.String),
})
export type SubmitIntent = typeof SubmitIntent.Type
