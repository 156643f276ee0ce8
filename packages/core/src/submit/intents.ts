import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { anyRecord, finite, nonEmptyText, makeObjectReader, oneOf, text } from "../api/readers.ts"
import { describeValue } from "../utils/describeValue.ts"
import { InvalidInput } from "../errors.ts"
import { makeValueIssue } from "../InputIssue.ts"
import { LargeInteger } from "../utils/json.ts"
import { sha256Hex } from "../utils/sha256.ts"
import type { DataUrlDigest } from "./compareInputs.ts"
import { decodeDataUrl, readDataUrl } from "../account/DataUrl.ts"
import { type EndpointName, isEndpointName } from "./EndpointTable.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"

/** What an intent runs. */
export interface IntentTarget {
  readonly modelId?: string | undefined
  readonly workflowId?: string | undefined
  readonly endpoint?: EndpointName | undefined
}

/** Reads a stored intent, in which null counts as absent. */
export const decodeIntent = (stored: unknown): Effect.Effect<SubmitIntent, InvalidInput> =>
  Effect.suspend(() => {
    const intent = readIntent(stored)
    if (intent !== undefined) return Effect.succeed(intent)
    const issue = makeValueIssue("intent", "a submit intent, as onSending received it", describeValue(stored))
    return Effect.fail(new InvalidInput({ issues: [issue] }))
  })

const readIntent = (stored: unknown): SubmitIntent | undefined => {
  const intent = readFields(stored)
  const isUsable =
    intent !== undefined &&
    // If a field can't be read, the intent could match the job of another submit.
    isComplete(intent, anyRecord(stored)) &&
    !Number.isNaN(Date.parse(intent.notBefore)) &&
    Object.keys(readTarget(intent.path)).length > 0
  return isUsable ? intent : undefined
}

const optionalFields = { defaults: anyRecord, seed: finite, authorId: text, sentAt: text }

const readFields = makeObjectReader(optionalFields, {
  id: nonEmptyText,
  method: oneOf("POST", "PUT"),
  path: nonEmptyText,
  inputs: anyRecord,
  notBefore: text,
  clock: oneOf("scenario", "local"),
})

const isComplete = (intent: SubmitIntent, stored: Readonly<Record<string, unknown>> = {}): boolean =>
  Object.keys(optionalFields).every((name) => name in intent || (stored[name] ?? undefined) === undefined)

/** Reads what a path runs. Empty if it doesn't start a generation. */
export const readTarget = (path: string): IntentTarget => {
  const [, first, second, third, ...rest] = path.split("/").map(decodePart)
  if (rest.length > 0 || second === undefined) return {}
  if (first === "workflows" && third === "run") return { workflowId: second }
  if (first !== "generate") return {}
  if (second === "custom" && third !== undefined) return { modelId: third }
  return third === undefined && isEndpointName(second) ? { endpoint: second } : {}
}

const decodePart = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Replaces data URLs, which can have megabytes, with digests. */
export const withoutFileContents = (
  body: Readonly<Record<string, unknown>>,
): Effect.Effect<Readonly<Record<string, unknown>>> =>
  Effect.map(
    Effect.forEach(Object.entries(body), ([name, value]) =>
      Effect.map(digestFiles(value), (digested) => [name, digested] as const),
    ),
    (entries) => Object.fromEntries(entries),
  )

const digestFiles = (value: unknown): Effect.Effect<unknown> => {
  if (typeof value === "string") {
    const dataUrl = readDataUrl(value)
    if (dataUrl === undefined) return Effect.succeed(value)
    return Effect.map(sha256Hex(decodeDataUrl(value)), (sha256): DataUrlDigest => ({
      dataUrl: { ...dataUrl, sha256 },
    }))
  }
  if (value instanceof LargeInteger) return Effect.succeed(value.digits)
  if (Array.isArray(value)) return Effect.forEach(value, digestFiles)
  return Predicate.isObject(value) ? withoutFileContents({ ...value }) : Effect.succeed(value)
}
