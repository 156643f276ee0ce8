import * as Effect from "effect/Effect"
import type { FileValue } from "../../account/fileValue.ts"
import type { LocalFile } from "../../account/LocalFile.ts"
import { checkValue, type Checked } from "../../checkArguments.ts"
import { describeValue } from "../../utils/describeValue.ts"
import { isId } from "../../api/ids.ts"
import { type InputIssue, InvalidInput } from "../../errors.ts"
import { makeValueIssue } from "../../InputIssue.ts"
import { isPlainObject } from "../../utils/isPlainObject.ts"
import { findTargetIssue, type GenerationRequest } from "../../submit/GenerationRequest.ts"
import { endSentence } from "../../utils/sentence.ts"
import { refuse } from "../checkOptions.ts"
import { type FileStream, toInputFile } from "./toInputFile.ts"

/** A file in any form. */
export type AnyFile = LocalFile | FileValue | URL | FileStream

/** The same inputs, with files in any form. */
export type WithAnyFile<A> = A extends LocalFile
  ? AnyFile
  : A extends ReadonlyArray<infer Element>
    ? ReadonlyArray<WithAnyFile<Element>>
    : A extends object
      ? { readonly [K in keyof A]: WithAnyFile<A[K]> }
      : A

/**
 * What to generate. A file input can be bytes, a `Blob`, a `File`, an `fs.ReadStream`, a `URL` object, or the result of
 * `localFile`.
 */
export type AnyRequest = WithAnyFile<GenerationRequest>

/** Converts files in the inputs. Throws or fails with `InvalidInput` if the value isn't a request. */
export const toRequest = (request: AnyRequest): Effect.Effect<GenerationRequest, InvalidInput> => {
  const given = readRequest(request)
  return Effect.map(
    toInputs(() => given["inputs"], "inputs", 0),
    (inputs) =>
      // The inputs are checked against the model's schema later, before anything is sent.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      ({ ...given, inputs }) as unknown as GenerationRequest,
  )
}

const targets = ["model", "workflow", "endpoint"] as const

const readRequest = (request: unknown): Readonly<Record<string, unknown>> => {
  try {
    return { ...checkRequest(request) }
  } catch (error) {
    throw toInvalidInput(error, "request")
  }
}

const checkRequest = (request: unknown): object => {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    throw invalid(makeValueIssue("request", "an object with model and inputs", describeValue(request)))
  }
  const defined = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined))
  const named = targets.filter((target) => target in defined)
  refuse(
    findTargetIssue(named),
    ...named.map((name): Checked =>
      checkValue(
        name,
        defined[name],
        `the ID of a ${name}, without spaces and slashes`,
        name === "endpoint" || isId(defined[name]),
      ),
    ),
  )
  return defined
}

/** Deeper inputs contain themselves. */
const maxDepth = 64

/** The value can be anything. A getter that throws is a wrong input too. */
const toInputs = (read: () => unknown, path: string, depth: number): Effect.Effect<unknown, InvalidInput> => {
  try {
    return toInput(read(), path, depth)
  } catch (error) {
    throw toInvalidInput(error, path)
  }
}

/** Throws at the first wrong value, because a value that contains itself twice would take forever to read. */
const toInput = (value: unknown, path: string, depth: number): Effect.Effect<unknown, InvalidInput> => {
  if (depth > maxDepth) throw invalid({ path, message: "The value contains itself. Remove the cycle." })
  const file = toInputFile(value, path)
  if (file !== undefined) return file
  if (Array.isArray(value)) {
    return Effect.all(
      Array.from(value.keys(), (index) => toInputs(() => value[index], `${path}[${index}]`, depth + 1)),
    )
  }
  if (isPlainObject(value)) {
    const entries = Object.keys(value).map((name) =>
      Effect.map(
        toInputs(() => Reflect.get(value, name), depth === 0 ? name : `${path}.${name}`, depth + 1),
        (input) => [name, input],
      ),
    )
    return Effect.map(Effect.all(entries), (all): unknown => Object.fromEntries(all))
  }
  const isLossy =
    ["function", "symbol"].includes(typeof value) || (typeof value === "number" && !Number.isFinite(value))
  if (isLossy) throw invalid(makeValueIssue(path, "a value that JSON can hold", describeValue(value)))
  return Effect.succeed(value)
}

const toInvalidInput = (error: unknown, path: string): InvalidInput =>
  error instanceof InvalidInput
    ? error
    : invalid({
        path,
        message: `The value can't be read: ${endSentence(error instanceof Error ? error.message : typeof error)} Pass a plain value.`,
      })

const invalid = (issue: InputIssue): InvalidInput => new InvalidInput({ issues: [issue] })
