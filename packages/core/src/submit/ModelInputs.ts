import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { type InputIssue, makeValueIssue } from "../InputIssue.ts"
import { closestName } from "./closestName.ts"
import { readDataUrl } from "./DataUrl.ts"
import { checkValue, type FilePlace, type Findings, passThrough, type Place } from "./InputCheck.ts"
import { describeExpected, describeGiven } from "./InputWording.ts"

/** Inputs that the schema accepts. */
export interface CheckedInputs {
  /** What to send: only what the caller has set. At the places of `files` stands an empty text. */
  readonly body: Readonly<Record<string, unknown>>
  /** The places that must be filled with asset ids first, by upload or import. */
  readonly files: ReadonlyArray<FilePlace>
}

export interface CheckOptions {
  /** Let inputs through that the schema does not name. Default false. */
  readonly allowUnknown?: boolean | undefined
  /** Put before every issue's path. Default nothing. */
  readonly pathPrefix?: string | undefined
}

/**
 * Checks inputs against a model's, a workflow's or an endpoint's own schema, before anything is sent or paid.
 * Fails with every issue at once. `undefined` and `null` mean "not set".
 */
export const checkInputs = (
  descriptors: ReadonlyArray<InputDescriptor>,
  inputs: object,
  options: CheckOptions = {},
): Result.Result<CheckedInputs, ReadonlyArray<InputIssue>> => {
  const findings: Findings = { issues: [], files: [] }
  if (!Predicate.isObject(inputs)) {
    return Result.fail([
      makeValueIssue(options.pathPrefix ?? "inputs", "an object of inputs", describeGiven(inputs)),
    ])
  }
  const place = { text: options.pathPrefix ?? "", keys: [] }
  const check = objectCheck(options.allowUnknown ?? false)
  const body = check(descriptors, inputs, place, findings)
  return findings.issues.length > 0
    ? Result.fail(findings.issues)
    : Result.succeed({ body, files: findings.files })
}

/** The body with its files' asset ids in place: one id for each of `files`, in their order. */
export const withAssetIds = (
  { body, files }: CheckedInputs,
  assetIds: ReadonlyArray<string>,
): Readonly<Record<string, unknown>> =>
  files.reduce<Readonly<Record<string, unknown>>>((filled, { path }, index) => {
    const [key, ...rest] = path
    return key === undefined
      ? filled
      : replacedIn(filled, String(key), (value) => replaced(value, rest, assetIds[index]))
  }, body)

const replacedIn = (
  fields: Readonly<Record<string, unknown>>,
  key: string,
  change: (value: unknown) => unknown,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, name === key ? change(value) : value]),
  )

const replaced = (
  value: unknown,
  path: ReadonlyArray<string | number>,
  assetId: string | undefined,
): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return assetId
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === key ? replaced(item, rest, assetId) : item))
  }
  return Predicate.isObject(value)
    ? replacedIn({ ...value }, String(key), (inner) => replaced(inner, rest, assetId))
    : value
}

const objectCheck = (allowUnknown: boolean) => {
  const check = (
    descriptors: ReadonlyArray<InputDescriptor>,
    value: object,
    place: Place,
    findings: Findings,
  ): Readonly<Record<string, unknown>> => {
    const given = new Map<string, unknown>(Object.entries(value).filter(([, input]) => isGiven(input)))
    const known = new Map(descriptors.map((descriptor) => [descriptor.name, descriptor]))
    const at = (name: string, key: string): Place => ({
      text: place.text === "" ? name : `${place.text}.${name}`,
      keys: [...place.keys, key],
    })
    const refuse = (name: string, message: string) =>
      findings.issues.push({ path: at(name, name).text, message })

    for (const descriptor of descriptors) {
      const { name } = descriptor
      const reason = whyRequired(descriptor, given, known)
      if (reason === undefined || isSet(given.get(name))) continue
      const got = isGiven(given.get(name)) ? describeBlank(given.get(name)) : "nothing"
      const issue = makeValueIssue(at(name, name).text, describeExpected(descriptor), got)
      findings.issues.push(reason === "" ? issue : { ...issue, message: `${issue.message} ${reason}` })
      given.delete(name)
    }
    const entries = [...given].flatMap(([name, input]): ReadonlyArray<readonly [string, unknown]> => {
      if (name === "dryRun" && place.keys.length === 0) {
        // In the body the API ignores it, and runs a paid job.
        refuse(name, "Not an input: Scenario would ignore it, and charge the job. Use estimate instead.")
        return []
      }
      const descriptor = known.get(name)
      if (descriptor === undefined) {
        if (allowUnknown) return [[name, passThrough(input, at(name, name), findings)]]
        const closest = closestName(name, [...known.keys()])
        refuse(
          name,
          `Unknown input. ${closest === undefined ? "Remove it." : `Did you mean \`${closest}\`?`}`,
        )
        return []
      }
      const key = wireName(descriptor, input)
      if (key === undefined) {
        refuse(name, "A list can't mix data URLs with asset IDs or files. Pass only one kind.")
        return []
      }
      if (descriptor.assetIdField !== undefined && isSet(given.get(descriptor.assetIdField))) {
        refuse(name, `\`${descriptor.assetIdField}\` is set, too. Remove one of them.`)
        return []
      }
      return [[key, checkValue(descriptor, input, at(name, key), findings, check)]]
    })
    return Object.fromEntries(entries)
  }
  return check
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** Whether a value counts for `required`: blank text doesn't, nor does a list that holds nothing else. */
const isSet = (value: unknown): boolean => isGiven(value) && !isBlank(value)

/** White space, and characters that don't show, such as a zero-width space. */
const blankText = /^[\s\p{Cc}\p{Cf}]*$/u

const isBlank = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every((item) => !isGiven(item) || isBlank(item))
    : typeof value === "string" && blankText.test(value)

const describeBlank = (value: unknown): string => {
  if (typeof value === "string") return value === "" ? "nothing" : "only white space"
  return Array.isArray(value) && value.length > 0 ? "a list of blank elements" : "nothing"
}

/** Why this input must be set, as a sentence, empty if it always must; `undefined` if it is optional. */
const whyRequired = (
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
    : `It is required because \`${condition.input}\` is ${describeGiven(given.get(condition.input) ?? known.get(condition.input)?.default)}.`
}

/**
 * The field that the value is sent in: if a field only takes data URLs, asset IDs (and files, which
 * become asset IDs) are sent in its other field. `undefined` for a list of both.
 */
const wireName = ({ name, assetIdField }: InputDescriptor, value: unknown): string | undefined => {
  if (assetIdField === undefined) return name
  const list: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
  const dataUrls = list.filter((item) => typeof item === "string" && readDataUrl(item) !== undefined)
  if (dataUrls.length === list.length) return name
  return dataUrls.length === 0 ? assetIdField : undefined
}
