import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { checkInputs } from "./checkInputs.ts"

const types = [
  "string",
  "number",
  "boolean",
  "file",
  "model",
  "string_array",
  "number_array",
  "file_array",
  "model_array",
  "inputs",
  "inputs_array",
  "hologram",
] as const

const small = Schema.Int.check(Schema.isBetween({ minimum: -4, maximum: 12 }))

/** Descriptors that can contradict themselves, because an API's schema can change. */
const Facts = Schema.Struct({
  type: Schema.Literals(types),
  min: Schema.optionalKey(small),
  max: Schema.optionalKey(small),
  step: Schema.optionalKey(small),
  minLength: Schema.optionalKey(small),
  maxLength: Schema.optionalKey(small),
  allowedValues: Schema.optionalKey(Schema.Array(Schema.Union([small, Schema.String]))),
  always: Schema.Boolean,
})
type Facts = typeof Facts.Type

/** Plain values and near misses, because random JSON rarely fits a schema. */
const Value = Schema.Union([
  small,
  Schema.Finite,
  Schema.Boolean,
  Schema.String,
  Schema.Literals(["true", "4", "4.0", "", "asset_1", "data:image/png;base64,AAAA"]),
  Schema.Array(small),
  Schema.Array(Schema.String),
  Schema.Json,
])

const makeDescriptor = ({ always, ...facts }: Facts) => ({
  ...facts,
  name: "x",
  required: { always, ifDefined: [], ifNotDefined: [], conditionalValues: [] },
})

const isWithin = (amount: number, min = -Infinity, max = Infinity) => amount >= min && amount <= max

/** An independent implementation: whether a value of the right type is within all bounds. */
const isAllowed = (facts: Facts, value: unknown): boolean => {
  const { type, min, max, step, minLength, maxLength, allowedValues = [] } = facts
  const isListed = allowedValues.length === 0 || allowedValues.some((one) => one === value)
  switch (type) {
    case "string":
      return (
        isListed &&
        (typeof value === "string"
          ? isWithin(Array.from(value).length, minLength, maxLength)
          : allowedValues.length > 0 && typeof value === "number")
      )
    case "number": {
      if (!isListed || (typeof value !== "number" && allowedValues.length === 0)) return false
      // Number(" ") is 0.
      const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value)
      const onStep = (base: number) =>
        Math.abs(((number - base) / (step ?? 1)) % 1) < 1e-6 ||
        Math.abs(((number - base) / (step ?? 1)) % 1) > 1 - 1e-6
      return (
        Number.isFinite(number) &&
        // Beyond 2^53, a number can have lost digits.
        (!Number.isInteger(number) || Number.isSafeInteger(number)) &&
        isWithin(number, min, max) &&
        (step === undefined || step <= 0 || onStep(0) || onStep(min ?? 0))
      )
    }
    case "boolean":
      return typeof value === "boolean"
    case "file":
      return typeof value === "string" && (value === "data:image/png;base64,AAAA" || isAssetId(value))
    case "model":
      return typeof value === "string" && value.trim() !== ""
    case "inputs":
      return typeof value === "object" && value !== null && !Array.isArray(value)
    case "hologram":
      return true
    default: {
      const { minLength: _fewest, maxLength: _most, ...rest } = facts
      const element = { ...rest, type: elementTypes[type] }
      return (
        Array.isArray(value) &&
        isWithin(value.length, minLength, maxLength) &&
        value.every((item) => isAllowed(element, item))
      )
    }
  }
}

/** Text that can be an asset ID, and isn't a path or a broken URL. */
const isAssetId = (text: string): boolean =>
  /^[!-~]{1,512}$/.test(text) &&
  !/[/\\?#%]|\.\.|^\.$|^~|^(data|https?|file|[a-z]):|\.(png|md|obj|txt)$/i.test(text)

const elementTypes = {
  string_array: "string",
  number_array: "number",
  file_array: "file",
  model_array: "model",
  inputs_array: "inputs",
} as const

const isBlank = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every((item) => item === null || item === undefined || isBlank(item))
    : typeof value === "string" && /^[\s\p{Cc}\p{Cf}]*$/u.test(value)

describe("checkInputs", () => {
  it.effect.prop(
    "accepts nothing that the descriptor forbids",
    { facts: Facts, value: Value },
    ({ facts, value }) =>
      Effect.sync(() => {
        const result = checkInputs([makeDescriptor(facts)], { x: value })
        if (Result.isFailure(result)) return
        const sent = result.success.body["x"]
        const isMissing = sent === undefined || (facts.always && isBlank(sent))
        assert.isTrue(isMissing ? !facts.always : isAllowed(facts, sent), JSON.stringify(sent))
      }),
    { arbitrary: { runs: 2000 } },
  )

  it.effect.prop(
    "changes nothing that the descriptor allows",
    { facts: Facts, value: Value },
    ({ facts, value }) =>
      Effect.sync(() => {
        const isPlain = isAllowed(facts, value) && value !== null
        // A URL would be imported, and a blank value can count as missing.
        if (!isPlain || facts.type === "inputs" || isBlank(value)) return
        if (facts.type === "string" && typeof value !== "string") return
        const result = checkInputs([makeDescriptor(facts)], { x: value })
        // In JSON, -0 is 0.
        assert.strictEqual(
          JSON.stringify(Result.getOrThrow(result)),
          JSON.stringify({ body: { x: value }, files: [] }),
        )
      }),
    { arbitrary: { runs: 2000 } },
  )

  it.effect.prop(
    "answers for any JSON at all",
    {
      facts: Schema.Array(Facts),
      inputs: Schema.Record(Schema.String, Schema.Json),
      value: Schema.Json,
      allowUnknown: Schema.Boolean,
    },
    ({ facts, inputs, value, allowUnknown }) =>
      Effect.sync(() => {
        const descriptors = facts.map((one, index) => ({ ...makeDescriptor(one), name: `x${index}` }))
        const result = checkInputs(descriptors, { ...inputs, x0: value, x1: value }, { allowUnknown })
        for (const issue of Result.isFailure(result) ? result.failure : []) {
          assert.isAtMost(issue.got?.length ?? 0, 90)
        }
      }),
    { arbitrary: { runs: 500 } },
  )
})
