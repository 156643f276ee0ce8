import type { IExecuteFunctions } from "n8n-workflow"

/** A key of n8n's custom execution data, by which executions can be filtered. */
const key = "scenarioJobs"

/** Characters. n8n logs an error for a longer value. */
const maxLength = 255

/**
 * Stores a job's ID with the execution, the newest first. A stopped execution has no output, but keeps this.
 */
export const recordJob = ({ customData }: Pick<IExecuteFunctions, "customData">, jobId: string): void => {
  try {
    const known = splitIds(customData.get(key)).filter((other) => other !== jobId)
    let value = jobId
    for (const other of known) {
      if (value.length + other.length + 1 > maxLength) break
      value += `,${other}`
    }
    customData.set(key, value)
  } catch {
    // A host without custom data must not fail a paid job.
  }
}

const splitIds = (value: unknown): ReadonlyArray<string> =>
  typeof value === "string" && value !== "" ? value.split(",") : []
