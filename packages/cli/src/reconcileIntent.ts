import { Generations, type Reconciled } from "@scenario-automation/core"
import { type Duration, Effect } from "effect"
import type { StoredIntent } from "./intentStore.ts"

export const reconcileIntent = ({ intent }: StoredIntent, timeout: Duration.Duration | undefined) =>
  Effect.flatMap(Generations, (generations) => generations.reconcile(intent, { timeout }))

/** Whether the search is complete: the job is known, or certainly does not exist. */
export const isSettled = (
  stored: StoredIntent,
  { submission, candidates, isComplete }: Reconciled,
): boolean =>
  submission !== undefined ||
  (candidates.length === 0 && isComplete && isListedByNow(stored) && !isSubmitting(stored))

/** Whether a later search can't find more: its job is listed by now if it exists, and no process still submits it. */
export const isForgettable = (stored: StoredIntent, { candidates }: Reconciled): boolean =>
  !isSubmitting(stored) && (candidates.length > 0 || isListedByNow(stored))

const isListedByNow = ({ intent }: StoredIntent): boolean =>
  Date.now() - Date.parse(intent.sentAt ?? intent.notBefore) > maxListingMs

const isSubmitting = ({ pid }: StoredIntent): boolean => pid !== undefined && isRunning(pid)

/** A job is listed within this time, differences between clocks included. Milliseconds. */
const maxListingMs = 120_000

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return pid !== process.pid
  } catch {
    return false
  }
}
