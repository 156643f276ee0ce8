import * as Effect from "effect/Effect"
import { isId } from "./api/ids.ts"
import { compact } from "./api/readers.ts"
import { describeValue } from "./utils/describeValue.ts"
import { InvalidInput } from "./errors.ts"
import { type InputIssue, makeValueIssue } from "./InputIssue.ts"

/** What a check returns: an issue, or `undefined` if the argument is right. */
export type Checked = InputIssue | undefined

/** Fails with all issues at once, before anything is sent. */
export const requireAll = (...checks: ReadonlyArray<Checked>): Effect.Effect<void, InvalidInput> => {
  const issues = compact(checks)
  return issues.length === 0 ? Effect.void : Effect.fail(new InvalidInput({ issues }))
}

export const checkValue = (path: string, value: unknown, expected: string, isRight: boolean): Checked =>
  isRight ? undefined : makeValueIssue(path, expected, describeValue(value))

/** A name or a search text. */
export const checkText = (path: string, value: unknown): Checked =>
  checkValue(path, value, "text", isNonBlank(value))

/** The ID of a job, an asset, a model, a workflow, an upload, or a collection. */
export const checkId = (path: string, value: unknown): Checked =>
  checkValue(path, value, "an ID as Scenario shows it, without spaces and slashes", isId(value))

/** At least one ID. */
export const checkIds = (path: string, values: unknown): ReadonlyArray<Checked> =>
  Array.isArray(values) && values.length > 0
    ? values.map((value: unknown, index) => checkId(`${path}[${index}]`, value))
    : [checkValue(path, values, "a list of at least one ID", false)]

/** At least one text. */
export const checkTexts = (path: string, values: unknown): Checked =>
  checkValue(
    path,
    values,
    "a list of at least one text",
    Array.isArray(values) && values.length > 0 && values.every(isNonBlank),
  )

/** A page size, within the API's limit. It may be left out. */
export const checkPageSize = (value: unknown, max: number): Checked =>
  checkValue(
    "pageSize",
    value,
    `a whole number from 1 to ${max}`,
    value === undefined ||
      (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= max),
  )

/** An ISO date. It may be left out. */
export const checkDate = (path: string, value: unknown): Checked =>
  checkValue(
    path,
    value,
    "an ISO date (2026-11-24T12:00:00Z)",
    value === undefined || (typeof value === "string" && !Number.isNaN(Date.parse(value))),
  )

const isNonBlank = (value: unknown): boolean => typeof value === "string" && value.trim() !== ""
