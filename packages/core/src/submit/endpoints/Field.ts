import { type InputDescriptor, makeRequirement } from "../../api/InputDescriptor.ts"

/** A field of a named endpoint, without its name. */
export type Field = Omit<InputDescriptor, "name">

/** One field for each property of an interface of inputs, checked by the compiler. */
export type EndpointFields<I> = { readonly [K in keyof I]-?: Field }

/** Converts fields to descriptors, so that endpoints and models have the same checks. */
export const describe = <I>(fields: EndpointFields<I>): ReadonlyArray<InputDescriptor> =>
  Object.entries<Field>(fields).map(([name, field]) => ({ ...field, name }))

export const text: Field = { type: "string" }
export const texts: Field = { type: "string_array" }
export const number: Field = { type: "number" }
export const toggle: Field = { type: "boolean" }
/** An image: an asset ID, a data URL, or a file. */
export const image: Field = { type: "file", kind: "image" }
export const images: Field = { type: "file_array", kind: "image" }
/** The asset ID of an image. */
export const imageId: Field = { type: "string" }
export const imageIds: Field = { type: "string_array" }
export const model: Field = { type: "model" }

export const between = (min: number, max: number): Field => ({ type: "number", min, max })
export const wholeBetween = (min: number, max: number): Field => ({ type: "number", min, max, step: 1 })
export const percent = between(0, 100)
/** The seed of endpoints where it is a number. */
export const numericSeed = wholeBetween(0, 2_147_483_647)
export const oneOf = (...allowedValues: ReadonlyArray<string>): Field => ({ type: "string", allowedValues })

export const required = (field: Field): Field => ({ ...field, required: makeRequirement({ always: true }) })
/** Required unless the other field is set. */
export const requiredUnless = (other: string, field: Field): Field => ({
  ...field,
  required: makeRequirement({ ifNotDefined: [other] }),
})
export const withDefault = (value: string | number | boolean, field: Field): Field => ({
  ...field,
  default: value,
})
/** A file field that only accepts a data URL, and the field for an asset ID. */
export const orAssetId = (assetIdField: string, field: Field): Field => ({ ...field, assetIdField })
