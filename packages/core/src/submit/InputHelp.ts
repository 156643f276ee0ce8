import type { InputDescriptor, InputRequirement } from "../api/InputDescriptor.ts"
import { describeExpected } from "./InputWording.ts"

/** One input for a help text or a form's caption. */
export interface InputHelp {
  readonly name: string
  readonly label?: string | undefined
  /** What it takes, as a noun phrase: `a whole number from 1 to 128`. */
  readonly takes: string
  /** `always`, a condition in words (`when mask is set`), or absent: optional. */
  readonly required?: string | undefined
  readonly default?: unknown
  /** Beyond 2^53: the decimal text of an integer. */
  readonly min?: number | string | undefined
  readonly max?: number | string | undefined
  readonly step?: number | undefined
  readonly allowedValues?: ReadonlyArray<unknown> | undefined
  /** The API's own words: its description, or its hint. */
  readonly hint?: string | undefined
  readonly changesCost: boolean
  /** What the elements of a list of objects hold. */
  readonly inputs?: ReadonlyArray<InputHelp> | undefined
}

/** A schema as plain data, in its own order. */
export const describeInputs = (descriptors: ReadonlyArray<InputDescriptor>): ReadonlyArray<InputHelp> =>
  descriptors.map((descriptor) => ({
    name: descriptor.name,
    label: descriptor.label,
    takes: describeExpected(descriptor),
    required: descriptor.required === undefined ? undefined : describeRequirement(descriptor.required),
    default: descriptor.default,
    min: descriptor.min,
    max: descriptor.max,
    step: descriptor.step,
    allowedValues: descriptor.allowedValues,
    hint: descriptor.description ?? descriptor.hint,
    changesCost: descriptor.costImpact ?? false,
    inputs: descriptor.inputs === undefined ? undefined : describeInputs(descriptor.inputs),
  }))

const describeRequirement = (required: InputRequirement): string | undefined => {
  if (required.always) return "always"
  const conditions = [
    ...required.ifDefined.map((other) => `when ${other} is set`),
    ...(required.ifNotDefined.length === 0 ? [] : [`unless ${required.ifNotDefined.join(" or ")} is set`]),
    ...required.conditionalValues.map(
      ({ input, values }) => `when ${input} is ${values.map(String).join(" or ")}`,
    ),
  ]
  return conditions.length === 0 ? undefined : conditions.join(", or ")
}
