import { printable } from "./cells.ts"
import { type JobLine, getProgress, describeStatus, describeWait } from "./JobLine.ts"
import { bytesText, costText, countText, durationText } from "./quantities.ts"

/** What a log has to say of a job's change, in one line; nothing where it would only repeat itself. */
export const plainLine = (line: JobLine): string | undefined => {
  const { stage, title, jobId, cost, startedAt } = line
  const about = printable(jobId === undefined ? title : `${title} (${jobId})`)
  switch (stage._tag) {
    case "Preparing":
      return jobId === undefined
        ? undefined
        : `${about}: submitted${cost === undefined ? "" : ` for ${costText(cost)}`}`
    case "Waiting":
      return `${about}: ${describeWait(stage.wait)}`
    case "Seen": {
      if (stage.update._tag === "JobSucceeded") return `${about}: success`
      const { reported } = getProgress(line, stage.at)
      return `${about}: ${describeStatus(line)}${reported > 0 ? ` ${Math.floor(reported * 100)} %` : ""}`
    }
    case "Downloading":
      return undefined
    case "Delivered": {
      const came = stage.files === 0 ? "" : `, ${countText(stage.files, "file")} of ${bytesText(stage.bytes)}`
      return `${about}: done in ${durationText(stage.at - startedAt)}${came}`
    }
    case "Failed":
      // The whole sentence follows when everything is through.
      return `${about}: ${stage.headline}`
  }
}
