/** What is said of a generation that goes on. */
export const laterMessage = (jobId: string): string =>
  `Generation ${jobId} is on its way and is billed. Take it up by its ID in a later step, Find Generation; do not generate it again.`

/** What is said of one that goes on only when somebody has decided, and which steps of it wait for that. */
export const decisionMessage = (jobId: string, steps: ReadonlyArray<string>): string =>
  `Generation ${jobId} waits for somebody's decision on ${steps.join(", ")}: approve or reject it in Scenario, where the App runs. After that take it up by its ID in a later step, Find Generation; do not generate it again.`

/** What is said of one that has succeeded, and whose files could not be read in time. */
export const filesLaterMessage = (jobId: string): string =>
  `Generation ${jobId} has succeeded, but its files are not to be had yet. Take it up by its ID in a later step, Find Generation; do not generate it again.`
