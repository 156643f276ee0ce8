import { isEncodableId, isId } from "../api/ids.ts"
import { compact } from "../api/readers.ts"
import { type Checked, checkValue } from "../checkArguments.ts"
import { InvalidInput } from "../errors.ts"
import { fromOptions } from "../checkSettings.ts"
import { findClosestName } from "../submit/findClosestName.ts"

/** What an option can be. Each option can be left out. */
export type OptionKind =
  | "milliseconds"
  | "amount"
  | "callback"
  | "flag"
  | "text"
  | "texts"
  | "id"
  | ReadonlyArray<string>

/** Throws `InvalidInput` with all issues of the options. */
export const checkOptions = (options: unknown, kinds: Readonly<Record<string, OptionKind>> = {}): void => {
  if (options === undefined) return
  if (!isRecord(options)) return refuse(checkValue("options", options, "an object of options", false))
  const checks = Object.entries(kinds).map(([name, kind]): Checked => {
    const value: unknown = Reflect.get(options, name)
    return value === undefined ? undefined : checkValue(name, value, ...checkKind(kind, value))
  })
  refuse(...checks)
}

/** The same, and refuses every other option: a misspelt `maxCost` would let every price pass. */
export const checkCall = (call: unknown, kinds: Readonly<Record<string, OptionKind>>): void => {
  checkOptions(call, kinds)
  const names = [...Object.keys(kinds), "signal"]
  const unknown = Object.keys(call ?? {}).filter((name) => !names.includes(name))
  refuse(...unknown.map((name) => ({ path: name, message: describeUnknown(name, names) })))
}

const describeUnknown = (name: string, names: ReadonlyArray<string>): string => {
  if (name in fromOptions({})) return "This is an option of createScenario, not of a call."
  const closest = findClosestName(name, names)
  return closest === undefined
    ? `Unknown option. Options: ${names.join(", ")}.`
    : `Unknown option. Did you mean \`${closest}\`?`
}

/** Refuses options of `createScenario` that are misspelt. It accepts others, so that a whole configuration can be passed. */
export const checkSettingNames = (options: object): void => {
  const names = [...Object.keys(fromOptions({})), "fetch"]
  const others = Object.keys(options).filter((name) => !names.includes(name))
  refuse(
    ...others
      .filter((name) => findClosestName(name, names) !== undefined)
      .map((name) => ({ path: name, message: describeUnknown(name, names) })),
  )
}

/** Returns the signal of a call, if it has one. */
export const checkSignal = (options: unknown): AbortSignal | undefined => {
  checkOptions(options)
  if (!isRecord(options)) return undefined
  const signal: unknown = Reflect.get(options, "signal")
  if (signal === undefined || signal === null) return undefined
  if (isSignal(signal)) return signal
  return refuse(checkValue("signal", signal, "an AbortSignal", false))
}

/** Throws `InvalidInput` if there are issues. */
export const refuse = (...checks: ReadonlyArray<Checked>): undefined => {
  const issues = compact(checks)
  if (issues.length > 0) throw new InvalidInput({ issues })
}

export const checkAsset = (path: string, value: unknown): Checked =>
  checkValue(
    path,
    value,
    "an asset or its ID",
    isRecord(value) ? isEncodableId(Reflect.get(value, "assetId")) : isId(value),
  )

export const checkFolder = (value: unknown): Checked =>
  checkValue("folder", value, "the path of a folder", typeof value === "string" && value !== "")

const checkKind = (kind: OptionKind, value: unknown): readonly [expected: string, isRight: boolean] => {
  switch (kind) {
    case "milliseconds":
      return ["a number of milliseconds, 0 or more", isNumber(value) && value >= 0 && value !== Infinity]
    case "amount":
      return ["a number of compute units, 0 or more", isNumber(value) && value >= 0]
    case "callback":
      return ["a function", typeof value === "function"]
    case "flag":
      return ["true or false", typeof value === "boolean"]
    case "text":
      return ["text", typeof value === "string" && value.trim() !== ""]
    case "texts":
      return ["a list of texts", Array.isArray(value) && value.every((one) => typeof one === "string")]
    case "id":
      return ["an ID as Scenario shows it", isId(value)]
    default:
      return [`one of ${kind.join(", ")}`, typeof value === "string" && kind.includes(value)]
  }
}

const isNumber = (value: unknown): value is number => typeof value === "number" && !Number.isNaN(value)

const isRecord = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Doesn't use `instanceof`, so that signals of other realms count. */
const isSignal = (value: unknown): value is AbortSignal =>
  isRecord(value) &&
  typeof Reflect.get(value, "aborted") === "boolean" &&
  typeof Reflect.get(value, "addEventListener") === "function"
