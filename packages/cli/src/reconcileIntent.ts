import { Generations, type Reconciled } from "@scenario-automation/core"
import { type Duration, Effect } from "effect"
import type { StoredIntent } from "./intentStore.ts"

/** Searches for the job of a submit. */
export const reconcileIntent = ({ intent }: StoredIntent, timeout: Duration.Duration | undefined) =>
  Effect.flatMap(Generations, (generations) => generations.reconcile(intent, { timeout }))

/** Whether nothing remains to be searched for: the job is known, or there certainly is none. */
export const isSettled = (
  stored: StoredIntent,
  { submission, candidates, isComplete }: Reconciled,
): boolean =>
  submission !== undefined ||
  (candidates.length === 0 && isComplete && isListedByNow(stored) && !isSubmitting(stored))

/** Whether waiting can't show more: the candidates are listed, or would be by now, and no process still submits it. */
export const isForgettable = (stored: StoredIntent, { candidates }: Reconciled): boolean =>
  !isSubmitting(stored) && (candidates.length > 0 || isListedByNow(stored))

const isListedByNow = ({ intent }: StoredIntent): boolean =>
  Date.now() - Date.parse(intent.sentAt ?? intent.notBefore) > maxListingMs

const isSubmitting = ({ pid }: StoredIntent): boolean => pid !== undefined && isRunning(pid)

/** A job is listed within this time, and clocks differ by less. Milliseconds. */
const maxListingMs = 120_000

/** A process that still runs may yet send it. */
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return pid !== process.pid
  } catch {
    return false
  }
}
