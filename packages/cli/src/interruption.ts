import { exitCodes } from "./exitCodes.ts"
import type { Failure } from "./Failure.ts"
import { formatCount } from "./display/quantities.ts"

/** Where one generation is, kept up to date for the case that a signal ends the command. */
export interface RunState {
  /** `uncertain`: the submit left this machine, and has no response yet. */
  stage: "unsubmitted" | "uncertain" | "waiting" | "saving"
  jobId?: string | undefined
  files: number
  /** Paths. */
  readonly saved: Array<string>
}

/** What a signal leaves behind, and how to go on. */
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
          "Stopped before Scenario's response came: the generation may have been submitted, and charged. Search for its job before you submit again.",
        ),
        next: ["scenario reconcile"],
      }
    case "waiting":
      return failure(
        `Stopped waiting for job ${jobId}. It still runs and is billed: wait for it again by its id.`,
      )
    case "saving":
      return failure(
        files === 0
          ? `Stopped after job ${jobId} had succeeded: wait for it again to get its result.`
          : `Stopped after job ${jobId} had succeeded, with ${saved.length} of ${formatCount(files, "file")} saved: wait for it again to save its files.`,
      )
  }
}

/** A command that was stopped and left nothing behind. */
export const toStopFailure = (message: string, next?: ReadonlyArray<string>): Failure => ({
  tag: "Interrupted",
  message,
  exitCode: exitCodes.interrupted,
  next,
  details: {},
})
