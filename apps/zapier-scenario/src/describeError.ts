import type {
  AssetsMissing,
  EmptyResult,
  Job,
  JobFailed,
  JobRef,
  ScenarioError,
  SubmitUncertain,
} from "@scenario-automation/core"
import { endSentence } from "@scenario-automation/core/host"
import { classifyJob, findStepsAwaitingApproval } from "@scenario-automation/core/job-status"
import { describeApiError, type Description } from "./describeApiError.ts"
import { describeIssues } from "./fields/describeIssue.ts"
import type { InvalidFields } from "./fields/InvalidFields.ts"
import {
  adviseFinding,
  describeApproval,
  describeLateFiles,
  describeMissingFiles,
  describeUnfinished,
} from "./outputs/unfinished.ts"
import type { AfterSubmit } from "./StepError.ts"

export const describeError = (error: ScenarioError | InvalidFields): Description => {
  switch (error._tag) {
    case "ApiError":
      return describeApiError(error)
    case "InvalidFields":
      return { problem: error.message }
    case "InvalidInput":
      return { problem: describeIssues(error.issues), advice: "Correct the field, and test the step again." }
    case "CostTooHigh":
      return {
        problem: `This generation would cost ${error.estimate} compute units, more than the Maximum Cost of ${error.maxCost}. Nothing was generated.`,
        advice: "Raise Maximum Cost, or choose a cheaper request.",
      }
    case "DryRunCharged":
      return {
        problem: `Asking for the price started generation ${error.job.jobId}, which is charged. Leave Maximum Cost empty for this model.`,
      }
    case "JobFailed":
      return { problem: describeJobFailed(error) }
    case "JobCanceled":
      return { problem: `Generation ${error.job.jobId} was canceled in Scenario, or by another step.` }
    case "EmptyResult":
      return { problem: describeEmptyResult(error) }
    case "WaitTimedOut":
      return { problem: describeUnfinished(error.job.jobId, error.lastError !== undefined) }
    case "AssetsMissing":
      return { problem: describeAssetsMissing(error) }
    case "DownloadFailed":
      return {
        problem: `The file of asset ${error.assetId} couldn't be downloaded: ${endSentence(error.reason)}`,
        advice: "Run the step again, or use Find Asset with this ID.",
      }
    case "UploadFailed":
      return {
        problem: `Scenario couldn't import ${error.fileName ?? "the file"}: ${endSentence(error.reason)}`,
        advice: "Check the file or its link, and test the step again.",
      }
    case "SubmitUncertain":
      return { problem: describeUncertain(error) }
    // No step has a callback that can fail, or saves files on a disk.
    case "CallbackFailed":
    case "SaveFailed":
    case "FilesNotSaved":
      return { problem: error.message }
  }
}

/** A success without a result. It was charged, so the advice isn't to run it again. */
export const describeEmptyResult = ({ job, cost, reason }: EmptyResult): string => {
  const charge = cost === undefined ? "was charged" : `cost ${cost} compute units`
  const words = reason === undefined ? "" : ` Scenario says: ${endSentence(reason)}`
  return `Generation ${job.jobId} succeeded and ${charge}, but it has no file and no other result.${words} Look at it in Scenario before you generate it again, because a second generation is charged, too.`
}

/** After a submit, what to do is never to run the step again. */
export const describeAfterSubmit = ({ cause, job }: AfterSubmit): string => {
  const { problem } = describeError(cause)
  return cause._tag === "JobFailed" || cause._tag === "JobCanceled"
    ? problem
    : addFindGeneration(problem, job)
}

export const describeState = ({ jobId }: JobRef, snapshot: Job | undefined): string => {
  if (snapshot === undefined) return describeUnfinished(jobId)
  const steps = findStepsAwaitingApproval(snapshot).map(({ stepId }) => stepId)
  if (steps.length > 0) return describeApproval(jobId, steps)
  return classifyJob(snapshot) === "succeeded"
    ? describeLateFiles(jobId)
    : `Generation ${jobId} isn't finished yet (${snapshot.status}). It keeps running and is charged.`
}

export const addFindGeneration = (message: string, { jobId }: JobRef): string => {
  if (jobId === "" || message.includes("Find Generation")) return message
  const which = message.includes(jobId) ? "this ID" : `the ID ${jobId}`
  return `${message} ${adviseFinding(jobId, which)}`
}

const describeJobFailed = ({ job, reason, hint, reimbursed }: JobFailed): string => {
  const refund =
    reimbursed === undefined
      ? "Scenario doesn't say whether its compute units were refunded."
      : `Its compute units were ${reimbursed ? "" : "not "}refunded.`
  const advice = hint === undefined ? "Change the inputs, or run the step again." : endSentence(hint)
  return `Generation ${job.jobId} failed: ${endSentence(reason)} ${refund} ${advice}`
}

const describeAssetsMissing = ({ job, assetIds, assets }: AssetsMissing): string =>
  job === undefined
    ? `Scenario doesn't have ${assetIds.join(", ")}, or not yet.`
    : describeMissingFiles(job.jobId, assetIds, assets.length + assetIds.length)

/** Names the generations that the lost submit may have started: only a person can recognize the right one. */
const describeUncertain = ({ intent, candidates, reason }: SubmitUncertain): string => {
  const found = candidates.map(({ jobId, submittedAt, status, prompt }) => {
    const facts = [
      submittedAt === undefined ? undefined : `started ${submittedAt}`,
      status,
      prompt === undefined ? undefined : JSON.stringify(prompt.slice(0, 60)),
    ].filter((fact) => fact !== undefined)
    return facts.length === 0 ? jobId : `${jobId} (${facts.join(", ")})`
  })
  const advice =
    found.length === 0
      ? "No such generation is listed yet: look at your generations in Scenario before you run the step again."
      : `It may be ${found.join(" or ")}. Use Find Generation with this ID instead of generating again.`
  return `It is uncertain whether Scenario accepted the generation sent at ${intent.sentAt ?? intent.notBefore} (${reason}). ${advice} A second one would be charged again.`
}
