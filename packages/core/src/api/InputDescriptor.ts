import * as Predicate from "effect/Predicate"
import type { AssetKind } from "./assetKinds.ts"
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

/** The type of an input. Values of unknown types are sent unchecked. */
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

/** When an input must be set: if any of these conditions holds. */
export interface InputRequirement {
  readonly always: boolean
  /** If one of these other inputs is set. */
  readonly ifDefined: ReadonlyArray<string>
  /** If none of these other inputs is set. */
  readonly ifNotDefined: ReadonlyArray<string>
  /** If one of these other inputs has one of the values. */
  readonly conditionalValues: ReadonlyArray<{
    readonly input: string
    readonly values: ReadonlyArray<unknown>
  }>
}

/**
 * One input of a model, a workflow, or an endpoint: enough to show a form field, and to check a value before anything is paid.
 */
export interface InputDescriptor {
  readonly name: string
  readonly type: InputType
  readonly label?: string | undefined
  readonly description?: string | undefined
  readonly hint?: string | undefined
  readonly placeholder?: string | undefined
  /** A form shows inputs of the same group together. */
  readonly group?: string | undefined
  readonly default?: unknown
  /** For a list, what each element may be. */
  readonly allowedValues?: ReadonlyArray<unknown> | undefined
  /** Bounds of a number, or of each number in a list. Integers beyond 2^53 are decimal text. */
  readonly min?: number | string | undefined
  readonly max?: number | string | undefined
  readonly step?: number | undefined
  /** Characters of a text, or elements of a list. */
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  /** The kind of a file. */
  readonly kind?: AssetKind | undefined
  /** Bytes of a file. */
  readonly maxSize?: number | undefined
  /** Seconds of a video or an audio file. */
  readonly maxDuration?: number | undefined
  /** If absent, the input is optional. */
  readonly required?: InputRequirement | undefined
  /** Whether it affects the price. */
  readonly costImpact?: boolean | undefined
  /** Whether it is a prompt, and whether Prompt Spark may help with it. */
  readonly prompt?: boolean | undefined
  readonly promptSpark?: boolean | undefined
  /** Whether the results become children of this file's asset. */
  readonly parent?: boolean | undefined
  /** The file input whose image this one masks. */
  readonly maskFrom?: string | undefined
  /** `opaque` or `transparent`. */
  readonly backgroundBehavior?: string | undefined
  readonly color?: boolean | undefined
  /** Which types of model a `model` input takes: `flux.1-lora`, … */
  readonly modelTypes?: ReadonlyArray<string> | undefined
  /** The inputs of an `inputs`' object, or of each element of an `inputs_array`. */
  readonly inputs?: ReadonlyArray<InputDescriptor> | undefined
  /**
   * If this field only accepts data URLs, the field that accepts an asset ID instead (`maskId` for `mask`). The library sets
   * it for endpoints; the API doesn't have it.
   */
  readonly assetIdField?: string | undefined
}

const readWireRequirement = makeObjectReader({
  always: boolean,
  ifDefined: anything,
  ifNotDefined: anything,
  conditionalValues: anything,
})

/** `parseJson` reads an integer beyond 2^53 as decimal text. */
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

/** Reads an input descriptor; `undefined` if it has no name. */
export const readInputDescriptor = (body: unknown): InputDescriptor | undefined => {
  const wire = readWireInput(body)
  if (wire === undefined) return undefined
  return {
    ...wire,
    type: wire.type ?? "unknown",
    required: readRequirement(wire.required),
  }
}

/** Reads a list of input descriptors without those that can't be read, whose inputs then count as unknown. */
export const readInputDescriptors: Reader<ReadonlyArray<InputDescriptor>> =
  makeListReader(readInputDescriptor)

const readRequirement = (
  wire: boolean | ReturnType<typeof readWireRequirement>,
): InputRequirement | undefined => {
  if (wire === undefined) return undefined
  if (typeof wire === "boolean") return makeRequirement({ always: wire })
  return makeRequirement({
    always: wire.always ?? false,
    ifDefined: readNames(wire.ifDefined),
    ifNotDefined: readNames(wire.ifNotDefined),
    conditionalValues: readConditions(wire.conditionalValues),
  })
}

/** A requirement with these conditions. */
export const makeRequirement = (conditions: Partial<InputRequirement>): InputRequirement => ({
  always: conditions.always ?? false,
  ifDefined: conditions.ifDefined ?? [],
  ifNotDefined: conditions.ifNotDefined ?? [],
  conditionalValues: conditions.conditionalValues ?? [],
})

/** The API documents an object with the names as keys. A list of names, or one name, is accepted too. */
const readNames = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.filter((name) => typeof name === "string")
  return Predicate.isObject(value) ? Object.keys(value) : []
}

/**
 * The contract says only that this is an object. It is read as the names of inputs with a value, a list of values, or an
 * object with `values` or `value`. Another format never holds: then the API rejects the request itself, and nothing is paid.
 */
const readConditions = (value: unknown): InputRequirement["conditionalValues"] =>
  Predicate.isObject(value)
    ? Object.entries(value).map(([input, condition]) => ({ input, values: readValues(condition) }))
    : []

const readValues = (condition: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(condition)) return condition
  if (!Predicate.isObject(condition)) return condition === null ? [] : [condition]
  const fields: Record<string, unknown> = { ...condition }
  if (Array.isArray(fields["values"])) return fields["values"]
  return fields["value"] === undefined ? [] : [fields["value"]]
}
