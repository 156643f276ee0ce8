import type { InputDescriptor, InputRequirement } from "../api/InputDescriptor.ts"
import { describeExpected } from "./describeExpected.ts"

/** Describes an input for help texts and forms. */
export interface InputHelp {
  readonly name: string
  readonly label?: string | undefined
  /** What the input takes, as a noun phrase: `a whole number from 1 to 128`. */
  readonly takes: string
  /** `always`, or a condition in words: `when mask is set`. Absent if the input is optional. */
  readonly required?: string | undefined
  readonly default?: unknown
  /** Integers beyond 2^53 are decimal text. */
  readonly min?: number | string | undefined
  readonly max?: number | string | undefined
  readonly step?: number | undefined
  readonly allowedValues?: ReadonlyArray<unknown> | undefined
  /** The API's description, or its hint. */
  readonly hint?: string | undefined
  readonly changesCost: boolean
  /** The inputs of an object, or of each object in a list. */
  readonly inputs?: ReadonlyArray<InputHelp> | undefined
}

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
