import * as Effect from "effect/Effect"
import { shorten } from "../api/ErrorBody.ts"
import { type InputIssue, InvalidInput } from "../errors.ts"

/** What an argument must be, and whether it is: one line of a check. */
export type Requirement = readonly [path: string, value: unknown, expected: string, isMet: boolean]

/** Fails with every requirement that is not met, before anything is sent. */
export const requireAll = (
  ...requirements: ReadonlyArray<Requirement>
): Effect.Effect<void, InvalidInput> => {
  const issues = findUnmet(requirements)
  return issues.length === 0 ? Effect.void : Effect.fail(new InvalidInput({ issues }))
}

/** The requirements that are not met, as issues. */
export const findUnmet = (requirements: ReadonlyArray<Requirement>): ReadonlyArray<InputIssue> =>
  requirements
    .filter(([, , , isMet]) => !isMet)
    .map(([path, value, expected]): InputIssue => ({ path, expected, got: describe(value) }))

/** A name, a search text: anything but nothing. */
export const aText = (path: string, value: unknown): Requirement => [
  path,
  value,
  "a text",
  typeof value === "string" && value.trim() !== "",
]

/**
 * Whether a value can be the id of something at Scenario. Ids are opaque, but none has a blank, a slash or another
 * character that would lead a request to another path: such a value is a mistake, and never reaches the wire.
 */
export const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[!-~]{1,512}$/.test(value) && !/[/\\?#%]|\.\./.test(value) && value !== "."

/**
 * Whether an ID that the API gave can stand in a request's path once it is encoded. It is data, so it may hold blanks,
 * slashes, and any letters; but no encoding keeps a `..` from being read as another path by what lies between.
 */
export const isEncodableId = (value: unknown): value is string => {
  if (typeof value !== "string" || value.trim() === "" || value.length > 512) return false
  if (value === "." || value.includes("..")) return false
  try {
    return !/%[01][\dA-F]|%7F/.test(encodeURIComponent(value))
  } catch {
    // Half of a surrogate pair.
    return false
  }
}

const anIdAsExpected = "an ID as Scenario shows it, without blanks and slashes"

/** The id of a job, an asset, a model, a workflow, an upload, a collection. */
export const anId = (path: string, value: unknown): Requirement => [path, value, anIdAsExpected, isId(value)]

/** Ids to work on: at least one. */
export const someIds = (path: string, values: unknown): ReadonlyArray<Requirement> =>
  Array.isArray(values) && values.length > 0
    ? values.map((value: unknown, index) => anId(`${path}[${index}]`, value))
    : [[path, values, "a list of at least one ID", false]]

/** A page size or another count within the API's bounds; it may be left out. */
export const aCountTo = (path: string, value: unknown, max: number): Requirement => [
  path,
  value,
  `a whole number from 1 to ${max}`,
  value === undefined || (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= max),
]

/** Texts to work with: at least one, and each of them something. */
export const someTexts = (path: string, values: unknown): Requirement => [
  path,
  values,
  "a list of at least one text",
  Array.isArray(values) &&
    values.length > 0 &&
    values.every((value) => typeof value === "string" && value.trim() !== ""),
]

/** An ISO date; it may be left out. */
export const aDate = (path: string, value: unknown): Requirement => [
  path,
  value,
  "an ISO date (2026-11-24T12:00:00Z)",
  value === undefined || (typeof value === "string" && !Number.isNaN(Date.parse(value))),
]

/** A wrong value in at most 300 characters; it may be anything, and a text may be a whole file. */
const describe = (value: unknown): string => {
  if (value === undefined || value === null || value === "") return "nothing"
  if (typeof value === "string") return shorten(JSON.stringify(value.slice(0, 300)))
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value)
  if (typeof value !== "object") return `a ${typeof value}`
  if (value instanceof Date) return "a Date"
  try {
    return shorten(JSON.stringify(value) ?? "an object")
  } catch {
    return "an object"
  }
}
