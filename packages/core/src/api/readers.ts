import * as Predicate from "effect/Predicate"

/**
 * Reads a value of the API's JSON; `undefined` if it isn't what the API documents. It never fails, because a change of a
 * detail must not break callers. Effect's Schema could do the same, but would make bundles larger by a sixth.
 */
export type Reader<A> = (value: unknown) => A | undefined

type Readers = Readonly<Record<string, Reader<unknown>>>
type Value<R> = R extends Reader<infer A> ? A : never
type Wholly<Fields extends Readers> = { readonly [Name in keyof Fields]: Value<Fields[Name]> }
type Partly<Fields extends Readers> = { readonly [Name in keyof Fields]?: Value<Fields[Name]> }

export const text: Reader<string> = (value) => (typeof value === "string" ? value : undefined)

export const nonEmptyText: Reader<string> = (value) => (value === "" ? undefined : text(value))

/** Accepts IDs that are numbers. */
export const idText: Reader<string> = (value) =>
  nonEmptyText(typeof value === "number" ? String(value) : text(value)?.trim())

/** A date as ISO text. Without an offset it is UTC, although `Date.parse` would read it as local time. */
export const dateText: Reader<string> = (value) => {
  if (typeof value === "number") return fromEpoch(value)
  const date = /^\s*(\d{4}-\d\d-\d\d)[T ]([\d:]+(?:[.,]\d+)?)\s*$/.exec(text(value) ?? "")
  return date === null ? text(value) : `${date[1]}T${date[2]?.replace(",", ".")}Z`
}

/** The number can be seconds or milliseconds. Its size shows which, because the date is of this century. */
const fromEpoch = (time: number): string | undefined => {
  const date = new Date(time < 1e11 ? time * 1_000 : time)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

export const finite: Reader<number> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined

export const boolean: Reader<boolean> = (value) => (typeof value === "boolean" ? value : undefined)

export const oneOf =
  <const Word extends string>(...words: ReadonlyArray<Word>): Reader<Word> =>
  (value) =>
    words.find((word) => word === value)

/** For a field that is read later. */
export const anything: Reader<unknown> = (value) => value

export const anyList: Reader<ReadonlyArray<unknown>> = (value) => (Array.isArray(value) ? value : undefined)

/** An object with unknown fields. */
export const anyRecord: Reader<Readonly<Record<string, unknown>>> = (value) =>
  Predicate.isObject(value) ? value : undefined

/** An amount of compute units, which the API writes as a number or as text. */
export const amount: Reader<number> = (value) =>
  finite(typeof value === "string" && value.trim() !== "" ? Number(value) : value)

/** A list without the elements that can't be read. */
export const makeListReader =
  <A>(element: Reader<A>): Reader<ReadonlyArray<A>> =>
  (value) =>
    Array.isArray(value) ? compact(value.map((one) => element(one))) : undefined

/** A list that can only be read if all of its elements can. */
export const listOfAll =
  <A>(element: Reader<A>): Reader<ReadonlyArray<A>> =>
  (value) => {
    const list = makeListReader(element)(value)
    return list?.length === anyList(value)?.length ? list : undefined
  }

export const textList = makeListReader(text)

/**
 * Reads an object's fields. An optional field that can't be read is absent. If a required field can't be read, neither can
 * the object.
 */
export function makeObjectReader<Optional extends Readers>(optional: Optional): Reader<Partly<Optional>>
export function makeObjectReader<Optional extends Readers, Required extends Readers>(
  optional: Optional,
  required: Required,
): Reader<Partly<Optional> & Wholly<Required>>
export function makeObjectReader(optional: Readers, required: Readers = {}): Reader<object> {
  const readers = Object.entries({ ...optional, ...required })
  return (value) => {
    if (!Predicate.isObject(value)) return undefined
    const read: Record<string, unknown> = {}
    for (const [name, reader] of readers) {
      const field = reader(value[name])
      if (field !== undefined) read[name] = field
      else if (name in required) return undefined
    }
    return read
  }
}

/** Drops `undefined` elements. */
export const compact = <A>(list: ReadonlyArray<A | undefined>): ReadonlyArray<A> =>
  list.filter((element) => element !== undefined)
