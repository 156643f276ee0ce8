import type { JobCandidate } from "@scenario-automation/core"
import { shortenToCells } from "../display/cells.ts"
import { toResumeCommand } from "../shellCommands.ts"
import { formatTable } from "./formatTable.ts"

/** A row for each candidate, and below it the command that waits for it. */
export const formatCandidates = (
  candidates: ReadonlyArray<JobCandidate>,
  out: string | undefined,
): ReadonlyArray<string> =>
  formatTable(candidates.map(toRow)).flatMap((row, index) => {
    const job = candidates[index]
    return job === undefined ? [] : [`  ${row}`, `    ${toResumeCommand(job.jobId, out)}`]
  })

const toRow = ({ jobId, submittedAt, modelId, workflowId, status, prompt }: JobCandidate) => [
  jobId,
  submittedAt ?? "",
  modelId ?? workflowId ?? "",
  status ?? "",
  prompt === undefined ? "" : JSON.stringify(shortenToCells(prompt, 50)),
]
