import * as Data from "effect/Data"

/** Marks our errors by a registered symbol, so that two copies of this library recognize each other's. */
export const scenarioErrorMarker: unique symbol = Symbol.for("@scenario-automation/core/ScenarioError")

/** What `Data.TaggedError` returns, by a name: it keeps declarations short, and the client replaces it by a plain `Error`. */
export interface TaggedErrorClass<Tag extends string> extends ReturnType<typeof Data.TaggedError<Tag>> {}

/** The base of an error of this library. */
export const TaggedError = <Tag extends string>(tag: Tag): TaggedErrorClass<Tag> => {
  const Tagged = Data.TaggedError(tag)
  Object.defineProperty(Tagged.prototype, scenarioErrorMarker, { value: true })
  return Tagged
}
