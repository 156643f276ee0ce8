import { Effect } from "effect"
import { shorten } from "../api/ErrorBody.ts"
import { type InputIssue, InvalidInput } from "../errors.ts"

/** What an argument must be, and whether it is: one line of a check. */
export type Requirement = readonly [path: string, value: unknown, expected: string, isMet: boolean]

/** Fails with every requirement that is not met, before anything is sent. */
export const requireAll = (
  ...requirements: ReadonlyArray<Requirement>
): Effect.Effect<void, InvalidInput> => {
  const issues = requirements
    .filter(([, , , isMet]) => !isMet)
    .map(([path, value, expected]): InputIssue => ({ path, expected, got: describe(value) }))
  return issues.length === 0 ? Effect.void : Effect.fail(new InvalidInput({ issues }))
}

/** An id, a name, a search text: anything but nothing. */
export const aText = (path: string, value: string): Requirement => [
  path,
  value,
  "a text",
  typeof value === "string" && value.trim() !== "",
]

/** A page size or another count within the API's bounds; it may be left out. */
export const aCountTo = (path: string, value: number | undefined, most: number): Requirement => [
  path,
  value,
  `a whole number from 1 to ${most}`,
  value === undefined || (Number.isInteger(value) && value >= 1 && value <= most),
]

/** Ids to work on: at least one, and each of them something. */
export const someTexts = (path: string, values: ReadonlyArray<string>): Requirement => [
  path,
  values,
  "a list of at least one text",
  values.length > 0 && values.every((value) => typeof value === "string" && value.trim() !== ""),
]

/** An ISO date; it may be left out. */
export const aDate = (path: string, value: string | undefined): Requirement => [
  path,
  value,
  "an ISO date (2026-11-24T12:00:00Z)",
  value === undefined || !Number.isNaN(Date.parse(value)),
]

const describe = (value: unknown): string =>
  value === undefined ? "nothing" : shorten(JSON.stringify(value) ?? typeof value)
