import * as Predicate from "effect/Predicate"
import type { AssetKind } from "./Asset.ts"
import {
  anyList,
  anything,
  boolean,
  finite,
  makeListReader,
  nonEmptyText,
  makeObjectReader,
  text,
  textList,
  type Reader,
} from "./readers.ts"

/** What an input takes. Open: a type that is unknown today still decodes, and its values pass unchecked. */
export type InputType =
  | "string"
  | "number"
  | "boolean"
  | "file"
  | "file_array"
  | "string_array"
  | "number_array"
  | "model"
  | "model_array"
  | "inputs"
  | "inputs_array"
  | (string & {})

/** When an input must be set. The conditions are alternatives: one that holds is enough. */
export interface InputRequirement {
  readonly always: boolean
  /** Required as soon as one of these other inputs is set. */
  readonly ifDefined: ReadonlyArray<string>
  /** Required when none of these other inputs is set. */
  readonly ifNotDefined: ReadonlyArray<string>
  /** Required when one of these other inputs has one of the values. */
  readonly conditionalValues: ReadonlyArray<{
    readonly input: string
    readonly values: ReadonlyArray<unknown>
  }>
}

/**
 * One input of a model, a workflow or an endpoint: enough to draw a form field, and to check a value before a
 * credit is spent.
 */
export interface InputDescriptor {
  readonly name: string
  readonly type: InputType
  readonly label?: string | undefined
  readonly description?: string | undefined
  readonly hint?: string | undefined
  readonly placeholder?: string | undefined
  /** Inputs of one group belong side by side in a form. */
  readonly group?: string | undefined
  readonly default?: unknown
  /** For lists: what each element may be. */
  readonly allowedValues?: ReadonlyArray<unknown> | undefined
  /** Bounds of a number, or of each number of a list. Beyond 2^53: the decimal text of an integer. */
  readonly min?: number | string | undefined
  readonly max?: number | string | undefined
  readonly step?: number | undefined
  /** Characters of a text; elements of a list. */
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  /** What a file must be. */
  readonly kind?: AssetKind | undefined
  /** Bytes of a file. */
  readonly maxSize?: number | undefined
  /** Seconds of a video or an audio file. */
  readonly maxDuration?: number | undefined
  /** Absent: the input is optional. */
  readonly required?: InputRequirement | undefined
  /** Whether the price depends on it. */
  readonly costImpact?: boolean | undefined
  /** Whether it is a prompt, and whether Prompt Spark may help with it. */
  readonly prompt?: boolean | undefined
  readonly promptSpark?: boolean | undefined
  /** Whether the results become children of this file's asset. */
  readonly parent?: boolean | undefined
  /** The file input whose picture this one masks. */
  readonly maskFrom?: string | undefined
  /** `opaque` or `transparent`. */
  readonly backgroundBehavior?: string | undefined
  readonly color?: boolean | undefined
  /** Which types of model a `model` input takes: `flux.1-lora`, … */
  readonly modelTypes?: ReadonlyArray<string> | undefined
  /** What an element of an `inputs_array` (or the object of an `inputs`) holds. */
  readonly inputs?: ReadonlyArray<InputDescriptor> | undefined
  /**
   * The field that takes an asset id instead, if this one only takes data URLs. Ours, for the named
   * endpoints: `mask` and `maskId`.
   */
  readonly assetIdField?: string | undefined
}

const readWireRequirement = makeObjectReader({
  always: boolean,
  ifDefined: anything,
  ifNotDefined: anything,
  conditionalValues: anything,
})

/** An integer beyond 2^53 was read as its decimal text. */
const bound: Reader<number | string> = (value) =>
  typeof value === "string" && /^-?\d+$/.test(value) ? value : finite(value)

const readWireInput = makeObjectReader(
  {
    type: text,
    label: text,
    description: text,
    hint: text,
    placeholder: text,
    group: text,
    default: anything,
    allowedValues: anyList,
    min: bound,
    max: bound,
    step: finite,
    minLength: finite,
    maxLength: finite,
    kind: text,
    maxSize: finite,
    maxDuration: finite,
    required: (value) => boolean(value) ?? readWireRequirement(value),
    costImpact: boolean,
    prompt: boolean,
    promptSpark: boolean,
    parent: boolean,
    maskFrom: text,
    backgroundBehavior: text,
    color: boolean,
    modelTypes: textList,
    inputs: (value) => readInputDescriptors(value),
  },
  { name: nonEmptyText },
)

/** Reads one input descriptor; `undefined` if it isn't an object with a name. */
export const readInputDescriptor = (body: unknown): InputDescriptor | undefined => {
  const wire = readWireInput(body)
  if (wire === undefined) return undefined
  return {
    ...wire,
    type: wire.type ?? "unknown",
    required: readRequirement(wire.required),
  }
}

/** Reads a list of input descriptors. Unreadable ones are left out, so their values count as unknown. */
export const readInputDescriptors: Reader<ReadonlyArray<InputDescriptor>> =
  makeListReader(readInputDescriptor)

const readRequirement = (
  wire: boolean | ReturnType<typeof readWireRequirement>,
): InputRequirement | undefined => {
  if (wire === undefined) return undefined
  if (typeof wire === "boolean") return requirement({ always: wire })
  return requirement({
    always: wire.always ?? false,
    ifDefined: namesIn(wire.ifDefined),
    ifNotDefined: namesIn(wire.ifNotDefined),
    conditionalValues: readConditions(wire.conditionalValues),
  })
}

/** A requirement of which only the given conditions can hold. */
export const requirement = (conditions: Partial<InputRequirement>): InputRequirement => ({
  always: conditions.always ?? false,
  ifDefined: conditions.ifDefined ?? [],
  ifNotDefined: conditions.ifNotDefined ?? [],
  conditionalValues: conditions.conditionalValues ?? [],
})

/** Documented as an object whose keys are the other inputs' names; a list of names or one name reads as well. */
const namesIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.filter((name) => typeof name === "string")
  return Predicate.isObject(value) ? Object.keys(value) : []
}

/**
 * The contract says only that it is an object. Read as: the other input's name, and beneath it a value, a list
 * of values, or an object with `values` or `value`. Any other shape never applies: then the API
 * itself refuses, and nothing is spent.
 */
const readConditions = (value: unknown): InputRequirement["conditionalValues"] =>
  Predicate.isObject(value)
    ? Object.entries(value).map(([input, condition]) => ({ input, values: valuesIn(condition) }))
    : []

const valuesIn = (condition: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(condition)) return condition
  if (!Predicate.isObject(condition)) return condition === null ? [] : [condition]
  const fields: Record<string, unknown> = { ...condition }
  if (Array.isArray(fields["values"])) return fields["values"]
  return fields["value"] === undefined ? [] : [fields["value"]]
}
