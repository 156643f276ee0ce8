import type { ScenarioError } from "@scenario-automation/core"
import { exitCodes, type ExitCode } from "./exitCodes.ts"
import type { MissingCredentials } from "./MissingCredentials.ts"

/** Everything in which a command can end badly, before it is worded. */
export type CommandError = ScenarioError | MissingCredentials

/** A bad ending as it is told: in a sentence, in JSON, and to a script. */
export interface Failure {
  readonly tag: string
  readonly message: string
  readonly exitCode: ExitCode
  readonly jobId?: string | undefined
  /** What is known beside the sentence; goes into the JSON as it is. */
  readonly details: Readonly<Record<string, unknown>>
}

/** `known` is a job that was already submitted when it happened. */
export const failureOf = (error: CommandError, known?: string): Failure => {
  const failure = (exitCode: ExitCode, details: Failure["details"] = {}, jobId = known): Failure => ({
    tag: error._tag === "ApiError" ? error.reason._tag : error._tag,
    message: error.message,
    exitCode,
    jobId,
    details,
  })
  switch (error._tag) {
    case "InvalidInput":
      return failure(exitCodes.badInput, { issues: error.issues })
    case "CostTooHigh":
      return failure(exitCodes.badInput, { estimate: error.estimate, maxCost: error.maxCost })
    case "SubmitUncertain":
      return failure(exitCodes.uncertain, {
        intent: error.intent,
        candidates: error.candidates,
      })
    case "DryRunCharged":
      return failure(exitCodes.unavailable, { cost: error.cost }, error.job.jobId)
    case "CallbackFailed":
      return failure(exitCodes.unavailable, {}, error.job?.jobId ?? known)
    case "JobFailed":
      return failure(
        exitCodes.jobEnded,
        { reason: error.reason, hint: error.hint, reimbursed: error.reimbursed },
        error.job.jobId,
      )
    case "JobCanceled":
      return failure(exitCodes.jobEnded, {}, error.job.jobId)
    case "WaitTimedOut":
      return failure(
        exitCodes.timeUp,
        { status: error.lastStatus, progress: error.progress, awaitingApproval: error.awaitingApproval },
        error.job.jobId,
      )
    case "EmptyResult":
      return failure(exitCodes.jobEnded, { cost: error.cost, reason: error.reason }, error.job.jobId)
    case "AssetsMissing":
      return failure(exitCodes.unavailable, { assetIds: error.assetIds }, error.job?.jobId ?? known)
    case "DownloadFailed":
      return failure(exitCodes.unavailable, { assetId: error.assetId })
    case "FilesNotSaved":
      return failure(exitCodes.unavailable, {
        saved: error.saved.map(({ path }) => path),
        assetIds: error.failures.map(({ assetId }) => assetId),
      })
    case "SaveFailed":
      return failure(exitCodes.unavailable, { path: error.path, assetId: error.assetId })
    case "UploadFailed":
      // What a second try would not cure is wrong with the file itself.
      return failure(error.isRetryable ? exitCodes.unavailable : exitCodes.badInput)
    case "ApiError":
      return failure(exitCodeOf(error.reason._tag), { requestId: error.requestId }, error.jobId ?? known)
    case "MissingCredentials":
      return failure(exitCodes.notAllowed, { variables: error.variables })
  }
}

type ReasonTag = Extract<ScenarioError, { readonly _tag: "ApiError" }>["reason"]["_tag"]

const exitCodeOf = (reason: ReasonTag): ExitCode => {
  switch (reason) {
    case "Unauthorized":
    case "Forbidden":
    case "PlanRequired":
      return exitCodes.notAllowed
    case "Rejected":
    case "NotFound":
      return exitCodes.badInput
    case "RateLimited":
    case "Unavailable":
    case "Unreachable":
    case "UnexpectedBody":
      return exitCodes.unavailable
  }
}

/** The command was stopped by a signal while the job went on. */
export const interrupted = (jobId: string | undefined): Failure => ({
  tag: "Interrupted",
  message:
    jobId === undefined
      ? "Stopped before anything was submitted."
      : `Stopped waiting for job ${jobId}. It still runs and is billed: wait for it again by its id.`,
  exitCode: exitCodes.interrupted,
  jobId,
  details: {},
})

/** The ending in a word or three, for a display. */
export const headlineOf = ({ tag, exitCode }: Failure): string => {
  if (tag === "JobFailed") return "failed"
  if (tag === "JobCanceled") return "canceled"
  if (tag === "EmptyResult") return "nothing came"
  if (exitCode === exitCodes.timeUp) return "time is up"
  if (exitCode === exitCodes.uncertain) return "uncertain"
  return exitCode === exitCodes.badInput ? "refused" : "stopped"
}

/** Whether waiting for the job again can still bring something. */
export const isWorthResuming = ({ exitCode, jobId, tag }: Failure): boolean =>
  jobId !== undefined && exitCode !== exitCodes.jobEnded && tag !== "NotFound"

/** The command that takes a job up where it was left. */
export const resumeCommand = (jobId: string, out: string | undefined): string =>
  `scenario wait ${jobId}${out === undefined || out === "." ? "" : ` --out ${quoted(out)}`}`

/** Quoted for a shell where it must be. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** `{ tag, message, jobId, … }`, as `--json` prints it. */
export const failureJson = (
  failure: Failure,
  out: string | undefined,
): Readonly<Record<string, unknown>> => ({
  tag: failure.tag,
  message: failure.message,
  jobId: failure.jobId,
  ...failure.details,
  resume:
    failure.jobId !== undefined && isWorthResuming(failure) ? resumeCommand(failure.jobId, out) : undefined,
  exitCode: failure.exitCode,
})
