/** The type of a member of a body. `file` takes an asset ID or a data URL. */
export type Field =
  | {
      readonly type: "string"
      readonly isRequired?: true
      readonly oneOf?: ReadonlyArray<string>
      readonly maxLength?: number
    }
  | { readonly type: "file"; readonly isRequired?: true }
  | { readonly type: "number"; readonly isRequired?: true; readonly min?: number; readonly max?: number }
  | { readonly type: "boolean"; readonly isRequired?: true }
  | { readonly type: "array"; readonly isRequired?: true; readonly of: Field; readonly maxItems?: number }
  | { readonly type: "object"; readonly isRequired?: true; readonly fields: Fields }
  | { readonly type: "any"; readonly isRequired?: true }

export type Fields = Readonly<Record<string, Field>>

export const text: Field = { type: "string" }
export const file: Field = { type: "file" }
export const number: Field = { type: "number" }
export const boolean: Field = { type: "boolean" }
export const anything: Field = { type: "any" }
export const files: Field = { type: "array", of: file }
export const texts: Field = { type: "array", of: text }

export const between = (min: number, max: number): Field => ({ type: "number", min, max })

export const percent = between(0, 100)

export const numericSeed = between(0, 2_147_483_647)

/** One of several words, which are separated by spaces. */
export const oneOf = (words: string): Field => ({ type: "string", oneOf: words.split(" ") })

export const makeListField = (of: Field, maxItems?: number): Field =>
  maxItems === undefined ? { type: "array", of } : { type: "array", of, maxItems }

export const record = (fields: Fields): Field => ({ type: "object", fields })

export const required = <F extends Field>(field: F): F & { readonly isRequired: true } => ({
  ...field,
  isRequired: true,
})
