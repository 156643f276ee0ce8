import { Data } from "effect"

/** A parameter of the node that can't be used as it is. Found before anything was sent. */
export class BadParameter extends Data.TaggedError("BadParameter")<{
  /** What is wrong, as a sentence that ends in what to do. */
  readonly message: string
}> {}
