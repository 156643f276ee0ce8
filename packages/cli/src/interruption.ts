import { exitCodes } from "./exitCodes.ts"
import type { Failure } from "./Failure.ts"
import { formatCount } from "./display/quantities.ts"

/** A generation's progress, as needed for the message when a signal ends the command. */
export interface RunState {
  /** `uncertain`: the submit was sent, and has no response yet. */
  stage: "unsubmitted" | "uncertain" | "waiting" | "saving"
  jobId?: string | undefined
  files: number
  /** Paths. */
  readonly saved: Array<string>
}

/** The message when a signal ends a generation: what happened, and how to continue. */
export const toInterruptFailure = ({ stage, jobId, files, saved }: RunState): Failure => {
  const failure = (message: string): Failure => ({
    tag: "Interrupted",
    message,
    exitCode: exitCodes.interrupted,
    jobId,
    ...(saved.length === 0 ? {} : { saved }),
    details: {},
  })
  switch (stage) {
    case "unsubmitted":
      return failure("Stopped before anything was submitted.")
    case "uncertain":
      return {
        ...failure(
          "Stopped before Scenario's response arrived: the generation may have been submitted and charged. Search for its job before you submit it again.",
        ),
        next: ["scenario reconcile"],
      }
    case "waiting":
      return failure(
        `Stopped waiting for job ${jobId}. It keeps running and is charged. Wait for it again by its ID.`,
      )
    case "saving":
      return failure(
        files === 0
          ? `Stopped after job ${jobId} had succeeded. Wait for it again to get its result.`
          : `Stopped after job ${jobId} had succeeded, with ${saved.length} of ${formatCount(files, "file")} saved. Wait for it again to save its files.`,
      )
  }
}

/** The message when a signal ends a command that runs no generation. */
export const toStopFailure = (message: string, next?: ReadonlyArray<string>): Failure => ({
  tag: "Interrupted",
  message,
  exitCode: exitCodes.interrupted,
  next,
  details: {},
})
