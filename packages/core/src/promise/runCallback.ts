import * as Effect from "effect/Effect"
import { CallbackFailed } from "../errors.ts"
import type { CallRecord } from "./CallRecord.ts"

/**
 * Runs the caller's callback and awaits its promise. If it throws or rejects, the call fails with `CallbackFailed`, which carries
 * the job.
 */
export const runCallback = <Args extends ReadonlyArray<unknown>>(
  record: CallRecord,
  callback: CallbackFailed["callback"],
  call: (...args: Args) => unknown,
  ...args: Args
): Effect.Effect<void> => {
  const fail = (cause: unknown): Effect.Effect<never> => {
    record.callbackFailed ??= new CallbackFailed({ callback, job: record.job, cause })
    return Effect.die(record.callbackFailed)
  }
  return Effect.suspend(() => {
    let returned: unknown
    try {
      returned = call(...args)
    } catch (cause) {
      return fail(cause)
    }
    if (!isThenable(returned)) return Effect.void
    return Effect.tryPromise({ try: () => Promise.resolve(returned), catch: (cause) => cause }).pipe(
      Effect.catch(fail),
      Effect.asVoid,
    )
  })
}

/** Runs the caller's callback and awaits its promise. Fails with what it throws or rejects with. */
export const awaitCallback = <Args extends ReadonlyArray<unknown>>(
  call: (...args: Args) => unknown,
  ...args: Args
): Effect.Effect<void, unknown> =>
  Effect.asVoid(
    Effect.tryPromise({ try: () => Promise.resolve().then(() => call(...args)), catch: (cause) => cause }),
  )

const isThenable = (value: unknown): boolean =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function"
