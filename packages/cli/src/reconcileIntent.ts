import { Generations, type Reconciled } from "@scenario-automation/core"
import { type Duration, Effect } from "effect"
import type { StoredIntent } from "./intentStore.ts"

/** Searches for the job of a submit. */
export const reconcileIntent = ({ intent }: StoredIntent, timeout: Duration.Duration | undefined) =>
  Effect.flatMap(Generations, (generations) => generations.reconcile(intent, { timeout }))

/** Whether nothing remains to be searched for: the job is known, or there certainly is none. */
export const isSettled = (
  { intent, pid }: StoredIntent,
  { submission, candidates, isComplete }: Reconciled,
): boolean => {
  if (submission !== undefined) return true
  const ageMs = Date.now() - Date.parse(intent.sentAt ?? intent.notBefore)
  const isListedByNow = ageMs > maxListingMs
  return candidates.length === 0 && isComplete && isListedByNow && (pid === undefined || !isRunning(pid))
}

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
