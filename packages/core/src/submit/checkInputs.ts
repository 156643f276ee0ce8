import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { type InputIssue, makeValueIssue } from "../InputIssue.ts"
import { findClosestName } from "./findClosestName.ts"
import { readDataUrl } from "../account/DataUrl.ts"
import type { CheckOutput, InputFile, InputPath } from "./CheckContext.ts"
import { checkInputValue, passThrough } from "./checkInputValue.ts"
import { describeExpected } from "./describeExpected.ts"
import { describeValue } from "../utils/describeValue.ts"

/** Inputs that the schema accepts. */
export interface CheckedInputs {
  /** What to send: only what the caller has set. Each of `files` is replaced by empty text. */
  readonly body: Readonly<Record<string, unknown>>
  /** The files to upload or import, to insert their asset IDs. */
  readonly files: ReadonlyArray<InputFile>
}

export interface CheckOptions {
  /** Whether inputs are allowed that the schema doesn't have. Default false. */
  readonly allowUnknown?: boolean | undefined
  /** A prefix for the path of each issue. Default: no prefix. */
  readonly pathPrefix?: string | undefined
}

/**
 * Checks inputs against the schema of a model, a workflow, or an endpoint. Fails with all issues at once. `undefined` and `null`
 * mean "not set".
 */
export const checkInputs = (
  descriptors: ReadonlyArray<InputDescriptor>,
  inputs: object,
  options: CheckOptions = {},
): Result.Result<CheckedInputs, ReadonlyArray<InputIssue>> => {
  const output: CheckOutput = { issues: [], files: [] }
  if (!Predicate.isObject(inputs)) {
    return Result.fail([
      makeValueIssue(options.pathPrefix ?? "inputs", "an object of inputs", describeValue(inputs)),
    ])
  }
  const path = { text: options.pathPrefix ?? "", keys: [] }
  const check = makeObjectCheck(options.allowUnknown ?? false)
  const body = check(descriptors, inputs, path, output)
  return output.issues.length > 0 ? Result.fail(output.issues) : Result.succeed({ body, files: output.files })
}

/** Inserts the asset IDs of the files into the body: one for each of `files`, in their order. */
export const insertAssetIds = (
  { body, files }: CheckedInputs,
  assetIds: ReadonlyArray<string>,
): Readonly<Record<string, unknown>> =>
  files.reduce<Readonly<Record<string, unknown>>>((filled, { path }, index) => {
    const [key, ...rest] = path
    return key === undefined
      ? filled
      : replaceField(filled, String(key), (value) => replaceAt(value, rest, assetIds[index]))
  }, body)

const replaceField = (
  fields: Readonly<Record<string, unknown>>,
  key: string,
  change: (value: unknown) => unknown,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, name === key ? change(value) : value]),
  )

const replaceAt = (
  value: unknown,
  path: ReadonlyArray<string | number>,
  assetId: string | undefined,
): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return assetId
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === key ? replaceAt(item, rest, assetId) : item))
  }
  return Predicate.isObject(value)
    ? replaceField({ ...value }, String(key), (inner) => replaceAt(inner, rest, assetId))
    : value
}

const makeObjectCheck = (allowUnknown: boolean) => {
  const check = (
    descriptors: ReadonlyArray<InputDescriptor>,
    value: object,
    path: InputPath,
    output: CheckOutput,
  ): Readonly<Record<string, unknown>> => {
    const given = new Map<string, unknown>(Object.entries(value).filter(([, input]) => isGiven(input)))
    const known = new Map(descriptors.map((descriptor) => [descriptor.name, descriptor]))
    const at = (name: string, key: string): InputPath => ({
      text: path.text === "" ? name : `${path.text}.${name}`,
      keys: [...path.keys, key],
    })
    const refuse = (name: string, message: string) =>
      output.issues.push({ path: at(name, name).text, message })

    for (const descriptor of descriptors) {
      const { name } = descriptor
      const reason = describeRequirement(descriptor, given, known)
      if (reason === undefined || isSet(given.get(name))) continue
      const got = isGiven(given.get(name)) ? describeBlank(given.get(name)) : "nothing"
      const issue = makeValueIssue(at(name, name).text, describeExpected(descriptor), got)
      output.issues.push(reason === "" ? issue : { ...issue, message: `${issue.message} ${reason}` })
      given.delete(name)
    }
    const entries = [...given].flatMap(([name, input]): ReadonlyArray<readonly [string, unknown]> => {
      if (name === "dryRun" && path.keys.length === 0) {
        // The API ignores it in the body, and runs a paid job.
        refuse(name, "Not an input: Scenario would ignore it, and charge the job. Use estimate instead.")
        return []
      }
      const descriptor = known.get(name)
      if (descriptor === undefined) {
        if (allowUnknown) return [[name, passThrough(input, at(name, name), output)]]
        const closest = findClosestName(name, [...known.keys()])
        refuse(
          name,
          `Unknown input. ${closest === undefined ? "Remove it." : `Did you mean \`${closest}\`?`}`,
        )
        return []
      }
      const key = getFieldName(descriptor, input)
      if (key === undefined) {
        refuse(name, "A list can't mix data URLs with asset IDs or files. Pass only one kind.")
        return []
      }
      if (descriptor.assetIdField !== undefined && isSet(given.get(descriptor.assetIdField))) {
        refuse(name, `\`${descriptor.assetIdField}\` is set, too. Remove one of them.`)
        return []
      }
      return [[key, checkInputValue(descriptor, input, at(name, key), output, check)]]
    })
    return Object.fromEntries(entries)
  }
  return check
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** Whether a value satisfies `required`. Blank text doesn't, and neither does a list of blank text. */
const isSet = (value: unknown): boolean => isGiven(value) && !isBlank(value)

/** White space, and invisible characters, such as a zero-width space. */
const blankText = /^[\s\p{Cc}\p{Cf}]*$/u

const isBlank = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every((item) => !isGiven(item) || isBlank(item))
    : typeof value === "string" && blankText.test(value)

const describeBlank = (value: unknown): string => {
  if (typeof value === "string") return value === "" ? "nothing" : "only white space"
  return Array.isArray(value) && value.length > 0 ? "a list of blank elements" : "nothing"
}

/** Why the input is required, as a sentence, or "" if it always is; `undefined` if it isn't required. */
const describeRequirement = (
  { required }: InputDescriptor,
  given: ReadonlyMap<string, unknown>,
  known: ReadonlyMap<string, InputDescriptor>,
): string | undefined => {
  if (required === undefined) return undefined
  if (required.always) return ""
  const cause = required.ifDefined.find((other) => isSet(given.get(other)))
  if (cause !== undefined) return `It is required because \`${cause}\` is set.`
  if (required.ifNotDefined.length > 0 && !required.ifNotDefined.some((other) => isSet(given.get(other)))) {
    return `Or set ${required.ifNotDefined.map((other) => `\`${other}\``).join(" or ")} instead.`
  }
  const condition = required.conditionalValues.find(({ input, values }) => {
    const value = given.get(input) ?? known.get(input)?.default
    return isGiven(value) && values.some((one) => String(one) === String(value))
  })
  return condition === undefined
    ? undefined
    : `It is required because \`${condition.input}\` is ${describeValue(given.get(condition.input) ?? known.get(condition.input)?.default)}.`
}

/**
 * The field in which a value is sent. If a field only accepts data URLs, asset IDs and files are sent in another one.
 * `undefined` for a list of both.
 */
const getFieldName = ({ name, assetIdField }: InputDescriptor, value: unknown): string | undefined => {
  if (assetIdField === undefined) return name
  const list: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
  const dataUrls = list.filter((item) => typeof item === "string" && readDataUrl(item) !== undefined)
  if (dataUrls.length === list.length) return name
  return dataUrls.length === 0 ? assetIdField : undefined
}
