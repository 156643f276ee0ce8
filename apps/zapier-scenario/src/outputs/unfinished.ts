import { isEncodableId } from "@scenario-automation/core/host"

/** What to do with a generation that was paid, but whose result isn't there. */
export const adviseFinding = (jobId: string, which = "this ID"): string =>
  isEncodableId(jobId)
    ? `Use Find Generation with ${which}; don't generate it again.`
    : "Find Generation can't use this ID: look for the generation in Scenario, and don't generate it again."

export const describeUnfinished = (jobId: string, arePollsFailing = false): string => {
  const note =
    arePollsFailing && isEncodableId(jobId)
      ? " Scenario couldn't be reached at the end, so it may be finished by now."
      : ""
  return `Generation ${jobId} isn't finished yet. It keeps running and is charged.${note} ${adviseFinding(jobId)}`
}

export const describeApproval = (jobId: string, steps: ReadonlyArray<string>): string =>
  `Generation ${jobId} waits for approval of ${steps.join(", ")}: approve or reject it in Scenario. ${adviseFinding(jobId)}`

export const describeLateFiles = (jobId: string): string =>
  `Generation ${jobId} succeeded, but its files aren't available yet. ${adviseFinding(jobId)}`

export const describeMissingFiles = (
  jobId: string,
  missingIds: ReadonlyArray<string>,
  fileCount: number,
): string => {
  const which = missingIds.slice(0, 10).join(", ") + (missingIds.length > 10 ? ", …" : "")
  const [are, they] = missingIds.length === 1 ? ["is", "The file"] : ["are", "The files"]
  return `Generation ${jobId} succeeded, but ${missingIds.length} of its ${fileCount} files ${are} missing: ${which}. ${they} may have been deleted, or may not be available yet. To try again, use Find Generation with this ID; don't generate it again.`
}
