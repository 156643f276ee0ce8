/** What a member of a body may be. `file` takes an asset id or a data URL. */
export type Field =
  | {
      readonly type: "string"
      readonly isRequired?: true
      readonly oneOf?: readonly string[]
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

/** A number from `min` to `max`, both included. */
export const between = (min: number, max: number): Field => ({ type: "number", min, max })

/** One of the words, which stand in one text with spaces between. */
export const oneOf = (words: string): Field => ({ type: "string", oneOf: words.split(" ") })

export const makeListField = (of: Field, maxItems?: number): Field =>
  maxItems === undefined ? { type: "array", of } : { type: "array", of, maxItems }

export const record = (fields: Fields): Field => ({ type: "object", fields })

export const required = <F extends Field>(field: F): F & { readonly isRequired: true } => ({
  ...field,
  isRequired: true,
})
