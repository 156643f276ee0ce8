import * as Data from "effect/Data"

/** Marks the errors of this library. The symbol is registered, so that two copies of it recognize each other's errors. */
export const scenarioErrorMarker: unique symbol = Symbol.for("@scenario-automation/core/ScenarioError")

/** Names what `Data.TaggedError` returns. This keeps declarations short, and the client replaces it with a plain `Error`. */
export interface TaggedErrorClass<Tag extends string> extends ReturnType<typeof Data.TaggedError<Tag>> {}

/** The base class of an error. */
export const TaggedError = <Tag extends string>(tag: Tag): TaggedErrorClass<Tag> => {
  const Tagged = Data.TaggedError(tag)
  Object.defineProperty(Tagged.prototype, scenarioErrorMarker, { value: true })
  return Tagged
}
