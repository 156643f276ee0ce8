import { Data } from "effect"

/** A parameter of the node can't be used. Nothing was sent. */
export class BadParameter extends Data.TaggedError("BadParameter")<{
  readonly message: string
}> {}
