import { Effect, Option, Schema } from "effect"

const orAbsent = <S extends Schema.Constraint>(schema: S) =>
  Schema.UndefinedOr(schema).pipe(Schema.catchDecoding(() => Effect.succeed(Option.some(undefined))))

/**
 * A field that may be absent, null, or not what the API promises: then it reads as absent. For everything we
 * can do without, so that a change of the API in a detail breaks nobody's workflow.
 */
export const lenient = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(orAbsent(schema))

/** A list, of which elements that are not what the API promises are left out. Read it with `elements`. */
export const lenientArray = <S extends Schema.Constraint>(schema: S) =>
  lenient(Schema.Array(orAbsent(schema)))

/** The fields that most objects are made of. Each schema is built once: there would be hundreds, at every start. */
export const OptionalString = lenient(Schema.String)
export const OptionalText = lenient(Schema.NonEmptyString)
export const OptionalNumber = lenient(Schema.Finite)
export const OptionalBoolean = lenient(Schema.Boolean)
export const OptionalUnknown = Schema.optionalKey(Schema.Unknown)
export const StringList = lenientArray(Schema.String)

/** An amount of compute units, which the API writes as a number, and other answers of it as text. */
export const readAmount = (value: unknown): number | undefined => {
  const amount = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof amount === "number" && Number.isFinite(amount) ? amount : undefined
}

/** What a `lenientArray` holds. */
export const elements = <A>(list: ReadonlyArray<A | undefined> | undefined): ReadonlyArray<A> =>
  (list ?? []).filter((element) => element !== undefined)

/** An object whose fields are not ours to know. */
export const AnyRecord = Schema.Record(Schema.String, Schema.Unknown)
