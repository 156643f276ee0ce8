import type { JobCandidate } from "@scenario-automation/core"
import { shortened } from "../display/cells.ts"
import { resumeCommand } from "../shellCommands.ts"
import { table } from "./table.ts"

/** Jobs that may be the one, for people: what tells them apart, and the command that waits for each. */
export const candidateLines = (
  candidates: ReadonlyArray<JobCandidate>,
  out: string | undefined,
): ReadonlyArray<string> =>
  table(candidates.map(toRow)).flatMap((row, index) => {
    const job = candidates[index]
    return job === undefined ? [] : [`  ${row}`, `    ${resumeCommand(job.jobId, out)}`]
  })

const toRow = ({ jobId, submittedAt, modelId, workflowId, status, prompt }: JobCandidate) => [
  jobId,
  submittedAt ?? "",
  modelId ?? workflowId ?? "",
  status ?? "",
  prompt === undefined ? "" : JSON.stringify(shortened(prompt, 50)),
]
