/**
 * A submit before it is sent, as plain data: enough to find its job later, in any process (`reconcile`). Store it before
 * the request leaves (`onSending`), and nothing that happens afterwards can lose the job.
 */
export interface SubmitIntent {
  /** Names this intent: a key to store it by. */
  readonly id: string
  readonly method: "POST" | "PUT"
  /** Below the base URL: `/generate/custom/model_1`. */
  readonly path: string
  /** What is sent, each data URL replaced by its type, size and SHA-256, and each integer beyond 2^53 by its decimal text. */
  readonly inputs: Readonly<Record<string, unknown>>
  /** What the API fills in for described inputs that were not set. */
  readonly defaults?: Readonly<Record<string, unknown>> | undefined
  /** ISO date: the job can't have been created earlier. It can be early, never late. */
  readonly notBefore: string
  /** Whose date `notBefore` is: Scenario's, or this machine's if Scenario's was not known yet. */
  readonly clock: "scenario" | "local"
  /** The seed that this library chose, by which the job is recognized; absent if it chose none. */
  readonly seed?: number | undefined
  /** The author of jobs made with this key, once an answered submit has shown it. */
  readonly authorId?: string | undefined
  /** ISO date of the last attempt, on the same clock as `notBefore`; absent until it was sent. */
  readonly sentAt?: string | undefined
}
