import type {
  ApiError,
  AssetsMissing,
  ScenarioError,
  SubmitUncertain,
  WaitTimedOut,
} from "@scenario-automation/core"
import { adviseSuccessor, endSentence, isEncodableId } from "@scenario-automation/core/host"

/** An error of core in n8n's words: what happened, then n8n's next step. */
export const describeError = (error: ScenarioError): string => {
  switch (error._tag) {
    case "InvalidInput":
      return `${error.message} Correct the fields and run the node again.`
    case "CostTooHigh":
      return `This generation would cost ${error.estimate} compute units, more than the Maximum Cost of ${error.maxCost}. Nothing was started. Raise Maximum Cost, or change the inputs.`
    case "DryRunCharged":
      return `Checking the price started job ${error.job.jobId}, which is charged. ${adviseWaiting(error.job.jobId)} Remove Maximum Cost for this model.`
    case "SubmitUncertain":
      return describeUncertain(error)
    case "JobFailed":
      return `Job ${error.job.jobId} failed: ${endSentence(error.reason)} ${describeRefund(error.reimbursed)} ${endSentence(error.hint ?? "Change the inputs, or run the node again")}`
    case "JobCanceled":
      return `Job ${error.job.jobId} was canceled. Run the node again if you still want the result.`
    case "WaitTimedOut":
      return describeTimeout(error)
    case "EmptyResult":
      return `${withoutLastSentence(error.message)} Check the job in Scenario before you run the node again: a second job would be charged too.`
    case "AssetsMissing":
      return describeMissing(error)
    case "DownloadFailed":
      return `The file of asset ${error.assetId} could not be downloaded: ${endSentence(error.reason)} Use Asset: Download with this asset ID.`
    case "UploadFailed":
      return `The upload of ${error.fileName ?? "the file"} failed: ${endSentence(error.reason)} Check the file and run the node again.`
    case "ApiError":
      return describeApiError(error)
    default:
      return error.message
  }
}

const useWait = "Use AI Generation: Wait with this job ID to get its result."

const adviseWaiting = (jobId: string): string =>
  isEncodableId(jobId)
    ? useWait
    : "AI Generation: Wait can't use this job ID: look for the job in Scenario, or with Job: Get Many, before you run the node again."

const describeUncertain = ({ reason, candidates }: SubmitUncertain): string => {
  const found =
    candidates.length === 0
      ? "No matching job is listed yet. Check Job: Get Many before you run the node again"
      : `It may be ${candidates.map(({ jobId }) => jobId).join(" or ")}. Use AI Generation: Wait with the right job ID instead of running the node again`
  return `Scenario may have started this generation, but its response was lost (${reason}). ${found}: a second generation would be charged too.`
}

const describeRefund = (isRefunded: boolean | undefined): string => {
  if (isRefunded === undefined) return "Scenario doesn't say whether its compute units were refunded."
  return isRefunded ? "Its compute units were refunded." : "Its compute units were not refunded."
}

const describeTimeout = (error: WaitTimedOut): string => {
  const { job, awaitingApproval = [], lastStatus, progress, lastError, waitedMs } = error
  if (awaitingApproval.length > 0) {
    return `Job ${job.jobId} is waiting for approval of ${awaitingApproval.join(", ")}. Use Workflow: Approve or Workflow: Reject with this job ID, then AI Generation: Wait.`
  }
  const percent = progress === undefined ? "" : `, ${Math.round(progress * 100)} %`
  const state = lastStatus === undefined ? "its status is unknown" : `${lastStatus}${percent}`
  const failure = lastError === undefined ? "" : ` The last check failed: ${endSentence(lastError)}`
  return `Job ${job.jobId} did not finish within ${Math.round(waitedMs / 100) / 10} s (${state}).${failure} It keeps running and is charged. ${adviseWaiting(job.jobId)}`
}

const describeMissing = ({ job, assetIds, assets, reasons, isRetryable }: AssetsMissing): string => {
  const of = job === undefined ? "" : ` of job ${job.jobId}`
  const why = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`
  const others = assets.length === 0 ? "" : ` The other ${assets.length} are in the details of this error.`
  const advice = isRetryable
    ? "Use AI Generation: Wait with this job ID later."
    : "They may have been deleted or belong to another project. Check both in Scenario."
  return `Scenario does not return ${assetIds.join(", ")}${of}${why}.${others} ${advice}`
}

const describeApiError = ({ reason, request, jobId }: ApiError): string => {
  const detail = endSentence(reason.detail)
  const job =
    jobId === undefined || reason._tag === "NotFound"
      ? ""
      : ` Job ${jobId} is not lost. ${adviseWaiting(jobId)}`
  switch (reason._tag) {
    case "Unauthorized":
      return `Scenario does not accept the API key and secret: ${detail} Check both in the credential.${job}`
    case "Forbidden":
      return `Scenario does not allow this: ${detail} Check the Project ID of the credential and the permissions of its key.${job}`
    case "PlanRequired":
      return `The plan or the compute units of this account do not cover this: ${detail} Select another model, or change the plan.${job}`
    case "Rejected":
      return `Scenario rejected the request (${reason.status}): ${detail} Correct the fields and run the node again.${job}`
    case "NotFound":
      return `Scenario did not find it: ${detail} ${adviseSuccessor(request, reason.detail) ?? "Check the ID, and the Project ID of the credential"}.`
    case "RateLimited":
      return `${limits[reason.kind]}: ${detail} ${describeRetry(reason.retryAfterMs)}${job}`
    case "Unavailable":
      return `Scenario is unavailable (${reason.status}): ${detail} Run the node again later.${job}`
    case "Unreachable":
      return reason.isWithheld === true
        ? `Nothing was sent: ${detail} Run the node again later.${job}`
        : `Scenario can't be reached: ${detail} Check the network and the Base URL of the credential, then run the node again.${job}`
    case "UnexpectedBody":
      return `Scenario's response (${reason.status}) could not be read: ${detail} Run the node again.${job}`
  }
}

const limits = {
  rate: "This account sends too many requests",
  concurrency: "Too many jobs are running on this account",
  cooldown: "Scenario asks this account to pause",
} as const

const describeRetry = (retryAfterMs: number | undefined): string =>
  retryAfterMs === undefined
    ? "Run the node again later."
    : `Run the node again in ${Math.ceil(retryAfterMs / 1000)} s.`

/** Without core's advice, which is the last sentence of its message. */
const withoutLastSentence = (message: string): string => message.replace(/(?<=[.!?])\s[^.!?]*\.$/, "")
