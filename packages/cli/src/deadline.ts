import { Duration, Effect } from "effect"
import { exitCodes } from "./exitCodes.ts"
import type { Failure } from "./Failure.ts"
import type { RunState } from "./interruption.ts"

/** The end of a run with `--timeout`. */
export class RunDeadline {
  readonly #end: number
  readonly #totalMs: number

  constructor(timeout: Duration.Duration) {
    this.#totalMs = Duration.toMillis(timeout)
    this.#end = performance.now() + this.#totalMs
  }

  /** Milliseconds. */
  get left(): number {
    return Math.max(0, this.#end - performance.now())
  }

  /**
   * The limit for core's submit, which sends nothing in its last five seconds. It is at least eight seconds, so that there is
   * time to send. The run then exceeds a shorter `--timeout` only if a response is lost.
   */
  get submitTimeout(): Duration.Duration {
    const shortest = Math.min(this.#totalMs + minSendMs, minSubmitMs)
    return Duration.millis(this.left + Math.max(0, shortest - this.#totalMs))
  }
}

const minSendMs = 5_000
const minSubmitMs = 8_000

/** The time was up after the job had succeeded. */
export interface DeadlineFailure {
  readonly failure: Failure
}

/**
 * Ends a run whose job has succeeded, but whose files aren't all saved in time. Before the job has succeeded, core's own timeout
 * applies, because its error says more.
 */
export const withinDeadline = <A, E, R>(
  run: Effect.Effect<A, E, R>,
  deadline: RunDeadline | undefined,
  getState: () => RunState,
): Effect.Effect<A, E | DeadlineFailure, R> =>
  deadline === undefined
    ? run
    : Effect.raceFirst(
        run,
        Effect.suspend(() => Effect.sleep(deadline.left)).pipe(
          Effect.andThen(
            Effect.suspend(() =>
              getState().stage === "saving"
                ? Effect.fail({ failure: toTimeoutFailure(getState()) })
                : Effect.never,
            ),
          ),
        ),
      )

const toTimeoutFailure = ({ jobId, files, saved }: RunState): Failure => ({
  tag: "DownloadTimedOut",
  message: `Job ${jobId} has succeeded, but only ${saved.length} of its ${files} files were saved before the timeout. Wait for it again to save the rest.`,
  exitCode: exitCodes.timedOut,
  jobId,
  details: {},
})
