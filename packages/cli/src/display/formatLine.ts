import { toPrintable } from "./cells.ts"
import { type JobLine, getProgress, describeStatus, describeWait } from "./JobLine.ts"
import { formatBytes, formatCost, formatCount, formatDuration } from "./quantities.ts"

/** One line for a change of a job, or `undefined` if it would say nothing new. */
export const formatLine = (line: JobLine): string | undefined => {
  const { stage, title, jobId, cost, startedAt } = line
  const about = toPrintable(jobId === undefined || jobId === title ? title : `${title} (${jobId})`)
  switch (stage._tag) {
    case "Preparing":
      return jobId === undefined
        ? undefined
        : `${about}: submitted${cost === undefined ? "" : ` for ${formatCost(cost)}`}`
    case "Waiting":
      return `${about}: ${describeWait(stage.wait)}`
    case "Updated": {
      if (stage.update._tag === "JobSucceeded") return `${about}: success`
      const { reported } = getProgress(line, stage.at)
      return `${about}: ${describeStatus(line)}${reported > 0 ? ` ${Math.floor(reported * 100)} %` : ""}`
    }
    case "Downloading":
      return undefined
    case "Delivered": {
      const saved =
        stage.files === 0 ? "" : `, ${formatCount(stage.files, "file")} of ${formatBytes(stage.bytes)}`
      return `${about}: done in ${formatDuration(stage.at - startedAt)}${saved}`
    }
    case "Failed":
      // The full message is printed at the end.
      return `${about}: ${stage.headline}`
  }
}
