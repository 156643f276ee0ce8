import type { IExecuteFunctions } from "n8n-workflow"

/** What n8n shows of an execution's own data, and lets executions be searched by. */
const key = "scenarioJobs"

/** n8n complains of a longer value. Characters. */
const maxLength = 255

/**
 * Stores a job's id with the execution, the newest first. It stays there when the execution is stopped, which leaves no
 * output.
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
    // Only a convenience: a host that has no place for it must not fail a paid job.
  }
}

const splitIds = (value: unknown): ReadonlyArray<string> =>
  typeof value === "string" && value !== "" ? value.split(",") : []
