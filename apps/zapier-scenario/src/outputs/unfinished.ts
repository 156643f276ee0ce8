/** What a message ends in while there is something left to fetch. */
const useFindGeneration = "Use Find Generation with this ID; don't generate it again."

/** About a generation that isn't finished when the step's time is up. */
export const describeUnfinished = (jobId: string, areChecksFailing = false): string => {
  const doubt = areChecksFailing ? " Scenario couldn't be read in the end, so it may be finished by now." : ""
  return `Generation ${jobId} isn't finished yet. It keeps running and is billed.${doubt} ${useFindGeneration}`
}

/** About a generation that goes on only after a decision, and the steps of it that wait for that. */
export const describeApproval = (jobId: string, steps: ReadonlyArray<string>): string =>
  `Generation ${jobId} waits for a decision on ${steps.join(", ")}: approve or reject it in Scenario. Then use Find Generation with this ID; don't generate it again.`

/** About a generation that succeeded, and whose files couldn't be read in time. */
export const describeLateFiles = (jobId: string): string =>
  `Generation ${jobId} succeeded, but its files aren't available yet. ${useFindGeneration}`

/** About a generation that succeeded, and some of whose files are missing. */
export const describeMissingFiles = (
  jobId: string,
  missingIds: ReadonlyArray<string>,
  fileCount: number,
): string => {
  const which = missingIds.slice(0, 10).join(", ") + (missingIds.length > 10 ? ", …" : "")
  return `Generation ${jobId} succeeded, but ${missingIds.length} of its ${fileCount} files ${missingIds.length === 1 ? "is" : "are"} missing: ${which}. The file may have been deleted, or isn't available yet. To try again, use Find Generation with this ID; don't generate it again.`
}
