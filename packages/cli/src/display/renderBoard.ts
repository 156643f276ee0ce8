import { fitted, shortened } from "./cells.ts"
import { hasEnded, type JobLine, progressOf, statusOf } from "./JobLine.ts"
import type { Paint } from "./paint.ts"
import { bytesText, costText, countText, durationText } from "./quantities.ts"

/** The screen that a board is drawn for. */
export interface Canvas {
  readonly columns: number
  readonly rows: number
  readonly now: number
  readonly paint: Paint
}

/** The whole board: a row for each job, none wider or more than the screen holds. */
export const renderBoard = (lines: ReadonlyArray<JobLine>, canvas: Canvas): ReadonlyArray<string> => {
  // The last column stays free, because some terminals wrap when it is written to; so does the last row.
  const width = Math.max(20, canvas.columns - 1)
  const room = Math.max(1, canvas.rows - 2)
  if (lines.length <= room) return lines.map((line) => renderLine(line, width, canvas))
  const ended = lines.filter(hasEnded)
  const running = lines.filter((line) => !hasEnded(line))
  // What still moves is what is worth the room.
  const shown = new Set([...running, ...ended.toReversed()].slice(0, room - 1))
  const hidden = lines.filter((line) => !shown.has(line))
  const summary = `  and ${countText(hidden.length, "more job")}, ${hidden.filter(hasEnded).length} of them through`
  return [
    ...lines.filter((line) => shown.has(line)).map((line) => renderLine(line, width, canvas)),
    canvas.paint.dim(shortened(summary, width)),
  ]
}

const statusCells = 11
const percentCells = 5
const elapsedCells = 8
const leftCells = 10

const renderLine = (line: JobLine, width: number, canvas: Canvas): string => {
  const { paint, now } = canvas
  const titleCells = Math.max(12, Math.min(38, Math.floor(width * 0.32)))
  const title = fitted(line.title, titleCells)
  const rest = width - titleCells - 3
  if (line.stage._tag === "Failed") {
    const { headline, message } = line.stage
    const room = Math.max(0, rest - statusCells - 1)
    return `${paint.bad("✖")} ${title} ${paint.bad(fitted(headline, statusCells))} ${paint.dim(shortened(message, room))}`
  }
  if (line.stage._tag === "Delivered") {
    const { files, bytes, at } = line.stage
    const took = paint.dim(fitted(durationText(at - line.begunAt), elapsedCells).trimEnd())
    const facts = [
      files === 0 ? "answered" : `${countText(files, "file")}, ${bytesText(bytes)}`,
      ...(line.cost === undefined ? [] : [costText(line.cost)]),
    ].join(" · ")
    return `${paint.good("✔")} ${title} ${fitted(shortened(facts, rest - elapsedCells - 1), rest - elapsedCells - 1).trimEnd()}  ${took}`
  }
  const { reported, expected, leftMs } = progressOf(line, now)
  const isMoving = line.stage._tag === "Downloading" || reported > 0
  const percent = isMoving ? `${Math.floor(reported * 100)} %` : ""
  const left = leftMs === undefined ? "" : leftMs < 500 ? "any moment" : `≈ ${durationText(leftMs)}`
  const barCells = Math.min(40, rest - statusCells - percentCells - elapsedCells - leftCells - 2)
  return [
    `${paint.busy(spinner[Math.floor(now / 100) % spinner.length] ?? "")} ${title}`,
    paint[isQueued(line) ? "waiting" : "busy"](fitted(statusOf(line), statusCells)),
    ...(barCells < 5 ? [] : [bar(reported, expected, barCells, paint)]),
    `${percent.padStart(percentCells)}${paint.dim(durationText(now - line.begunAt).padStart(elapsedCells))}  ${paint.dim(left)}`,
  ]
    .join(" ")
    .trimEnd()
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

const isQueued = ({ stage }: JobLine): boolean =>
  stage._tag === "Preparing" || (stage._tag === "Seen" && stage.update._tag !== "JobProgressed")

/** Reported progress drawn full, what is expected since then drawn faint, the rest as a thin rail. */
const bar = (reported: number, expected: number, cells: number, paint: Paint): string => {
  const full = Math.round(reported * cells)
  const faint = Math.max(full, Math.round(expected * cells))
  return `${paint.busy("━".repeat(full))}${paint.busy(paint.dim("━".repeat(faint - full)))}${paint.dim("─".repeat(cells - faint))}`
}
