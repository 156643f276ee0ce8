/**
 * A submit before it is sent, as plain data. Any process can find its job by it later (`reconcile`). If you store it before it is
 * sent (`onSending`), the job can't be lost.
 */
export interface SubmitIntent {
  /** A key to store the intent by. */
  readonly id: string
  readonly method: "POST" | "PUT"
  /** Relative to the base URL: `/generate/custom/model_1`. */
  readonly path: string
  /** The body, with data URLs replaced by type, size, and SHA-256, and integers beyond 2^53 by decimal text. */
  readonly inputs: Readonly<Record<string, unknown>>
  /** The defaults of inputs that weren't set. */
  readonly defaults?: Readonly<Record<string, unknown>> | undefined
  /** ISO date. The job wasn't created earlier. The date can be too early, but never too late. */
  readonly notBefore: string
  /** The clock of `notBefore`: Scenario's, or this machine's if Scenario's wasn't known yet. */
  readonly clock: "scenario" | "local"
  /** The seed, if this library chose one to recognize the job. */
  readonly seed?: number | undefined
  /** The author of jobs with this key, if the response of an earlier submit has shown it. */
  readonly authorId?: string | undefined
  /** ISO date of the last attempt, on the same clock as `notBefore`. Absent before it is sent. */
  readonly sentAt?: string | undefined
}
