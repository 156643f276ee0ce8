import type { JobCandidate, ScenarioError } from "@scenario-automation/core"
import { exitCodes, type ExitCode } from "./exitCodes.ts"
import type { MissingCredentials } from "./MissingCredentials.ts"
import { type InvalidProxy, listProxyVariables } from "./proxy.ts"
import { toResumeCommand } from "./shellCommands.ts"

/** Every error that a command can fail with. */
export type CommandError = ScenarioError | MissingCredentials | InvalidProxy

/** An error as the user sees it: a sentence, data for `--json`, and an exit code. */
export interface Failure {
  readonly tag: string
  readonly message: string
  readonly exitCode: ExitCode
  readonly jobId?: string | undefined
  /** Jobs that may belong to an uncertain submit. */
  readonly candidates?: ReadonlyArray<JobCandidate> | undefined
  /** Paths of the files that were saved before it failed. */
  readonly saved?: ReadonlyArray<string> | undefined
  /** Commands that help to continue, besides waiting for the job. */
  readonly next?: ReadonlyArray<string> | undefined
  /** More members of the JSON error. */
  readonly details: Readonly<Record<string, unknown>>
}

/** The job that a command worked on when it failed. */
export interface KnownJob {
  readonly jobId: string
  /** Whether this command submitted it, and so paid for it. */
  readonly isOurs: boolean
}

/** `known`: the job, if it was known by then. */
export const toFailure = (error: CommandError, known?: KnownJob): Failure => {
  const failure = (exitCode: ExitCode, details: Failure["details"] = {}, jobId = known?.jobId): Failure => ({
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
      return {
        ...failure(exitCodes.uncertain, { intent: error.intent, candidates: error.candidates }),
        candidates: error.candidates,
      }
    case "DryRunCharged":
      return failure(exitCodes.unavailable, { cost: error.cost }, error.job.jobId)
    case "CallbackFailed":
      return failure(exitCodes.unavailable, {}, error.job?.jobId ?? known?.jobId)
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
        exitCodes.timedOut,
        { status: error.lastStatus, progress: error.progress, awaitingApproval: error.awaitingApproval },
        error.job.jobId,
      )
    case "EmptyResult":
      return failure(exitCodes.jobEnded, { cost: error.cost, reason: error.reason }, error.job.jobId)
    case "AssetsMissing":
      return failure(exitCodes.unavailable, { assetIds: error.assetIds }, error.job?.jobId ?? known?.jobId)
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
      // If a retry can't help, the file itself is wrong.
      return failure(error.isRetryable ? exitCodes.unavailable : exitCodes.badInput)
    case "ApiError":
      return afterSubmit(
        failure(getExitCode(error.reason._tag), { requestId: error.requestId }, error.jobId ?? known?.jobId),
        known,
      )
    case "MissingCredentials":
      return failure(exitCodes.notAllowed, { variables: error.variables })
    case "InvalidProxy":
      return failure(exitCodes.badInput, { variable: error.variable })
  }
}

type ReasonTag = Extract<ScenarioError, { readonly _tag: "ApiError" }>["reason"]["_tag"]

const getExitCode = (reason: ReasonTag): ExitCode => {
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

/** Exit code 2 means that nothing was spent, which isn't true if this command has submitted a job. */
const afterSubmit = (failure: Failure, known: KnownJob | undefined): Failure => {
  const hint = failure.tag === "Unreachable" ? describeProxy() : ""
  const failed = { ...failure, message: `${failure.message}${hint}` }
  if (known?.isOurs !== true || failure.exitCode !== exitCodes.badInput) return failed
  if (failure.tag !== "NotFound") return { ...failed, exitCode: exitCodes.unavailable }
  return {
    ...failed,
    exitCode: exitCodes.jobEnded,
    message: `Job ${known.jobId} was submitted, and may have been charged, but Scenario no longer knows it. ${failure.message}`,
  }
}

/** Names the variables, not their values: a proxy's address can contain a password. */
const describeProxy = (): string => {
  const names = listProxyVariables()
  return names.length === 0
    ? ""
    : ` Requests use the proxy in ${names.join(" and ")}: check it, or set NO_PROXY.`
}

/** The failure in one to three words, for the display. */
export const getHeadline = ({ tag, exitCode }: Failure): string => {
  if (tag === "JobFailed") return "failed"
  if (tag === "JobCanceled") return "canceled"
  if (tag === "EmptyResult") return "no result"
  if (tag === "NotFound") return "not found"
  if (exitCode === exitCodes.timedOut) return "timed out"
  if (exitCode === exitCodes.uncertain) return "uncertain"
  return exitCode === exitCodes.badInput ? "refused" : "stopped"
}

/** Whether waiting for the job again can succeed. */
export const isWorthResuming = ({ exitCode, jobId, tag }: Failure): boolean =>
  jobId !== undefined && exitCode !== exitCodes.jobEnded && tag !== "NotFound"

/** `{ job, error }`, as `--json` prints a failed generation. Without `job` if no job is known. */
export const toFailureJson = (
  failure: Failure,
  out: string | undefined,
): Readonly<Record<string, unknown>> => ({
  job: failure.jobId === undefined ? undefined : { jobId: failure.jobId },
  error: toErrorJson(failure, out),
})

/** `{ tag, message, jobId, … }` */
export const toErrorJson = (
  failure: Failure,
  out: string | undefined,
): Readonly<Record<string, unknown>> => ({
  tag: failure.tag,
  message: failure.message,
  jobId: failure.jobId,
  saved: failure.saved,
  ...failure.details,
  ...(failure.candidates === undefined
    ? {}
    : { candidates: failure.candidates.map((job) => toCandidateJson(job, out)) }),
  resume:
    failure.jobId !== undefined && isWorthResuming(failure) ? toResumeCommand(failure.jobId, out) : undefined,
  next: failure.next,
  exitCode: failure.exitCode,
})

/** A candidate with the command that waits for it. */
export const toCandidateJson = (job: JobCandidate, out: string | undefined) => ({
  ...job,
  resume: toResumeCommand(job.jobId, out),
})
