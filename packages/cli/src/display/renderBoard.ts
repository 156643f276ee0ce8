import { fitToCells, shortenToCells, toPrintable } from "./cells.ts"
import { hasEnded, type JobLine, getProgress, describeStatus } from "./JobLine.ts"
import type { Paint } from "./paint.ts"
import { formatBytes, formatCount, formatDuration } from "./quantities.ts"

/** The screen that a board is drawn for. */
export interface Canvas {
  readonly columns: number
  readonly rows: number
  readonly now: number
  readonly paint: Paint
}

/** Renders a row for each job, within the width and height of the screen. */
export const renderBoard = (lines: ReadonlyArray<JobLine>, canvas: Canvas): ReadonlyArray<string> => {
  // The last column and row stay free, because some terminals wrap when they are written to.
  const width = Math.max(19, canvas.columns - 1)
  const room = Math.max(1, canvas.rows - 2)
  if (lines.length <= room) return lines.map((line) => renderLine(line, width, canvas))
  const ended = lines.filter(hasEnded)
  const running = lines.filter((line) => !hasEnded(line))
  // Running jobs are shown first.
  const shown = new Set([...running, ...ended.toReversed()].slice(0, room - 1))
  const hidden = lines.filter((line) => !shown.has(line))
  const summary = `  and ${formatCount(hidden.length, "more job")}, ${hidden.filter(hasEnded).length} of them done`
  return [
    ...lines.filter((line) => shown.has(line)).map((line) => renderLine(line, width, canvas)),
    canvas.paint.dim(shortenToCells(summary, width)),
  ]
}

const statusCells = 11
const percentCells = 5
const elapsedCells = 8
/** The remaining time, or the cost. */
const lastCells = 10
/** A shorter bar would be useless. */
const minBarCells = 5

const renderLine = (line: JobLine, width: number, canvas: Canvas): string => {
  const { paint, now } = canvas
  const titleCells = Math.max(
    4,
    Math.min(width - statusCells - 3, 38, Math.max(12, Math.floor(width * 0.32))),
  )
  const title = fitToCells(line.title, titleCells)
  // A sign and a blank come before the title, and a blank after it.
  const room = width - titleCells - 3
  // Two blanks come before the last column, one before each of the others.
  const barCells = Math.min(40, room - statusCells - percentCells - elapsedCells - lastCells - 4)
  const { stage } = line
  switch (stage._tag) {
    case "Failed": {
      // The full message follows at the end: half a sentence would only repeat it.
      const whole = toPrintable(stage.message)
      const message = shortenToCells(whole, Math.max(0, room - statusCells - 1)) === whole ? whole : ""
      return `${paint.bad("✖")} ${title} ${paint.bad(fitToCells(stage.headline, statusCells))} ${paint.dim(message)}`.trimEnd()
    }
    case "Delivered": {
      const files =
        stage.files === 0 ? "no files" : `${formatCount(stage.files, "file")}, ${formatBytes(stage.bytes)}`
      const cost = line.cost === undefined ? "" : `${Number(line.cost.toFixed(3))} CU`
      const took = formatDuration(stage.at - line.startedAt).padStart(elapsedCells)
      if (barCells < minBarCells) {
        const facts = fitToCells(cost === "" ? files : `${files} · ${cost}`, Math.max(0, room - elapsedCells))
        return `${paint.good("✔")} ${title} ${facts}${facts === "" ? "" : paint.dim(took)}`
      }
      const facts = fitToCells(files, barCells + percentCells + 1)
      return `${paint.good("✔")} ${title} ${paint.good(fitToCells("done", statusCells))} ${facts}${paint.dim(`${took}  ${cost}`)}`
    }
    case "Preparing":
    case "Waiting":
    case "Updated":
    case "Downloading": {
      const { reported, expected, leftMs } = getProgress(line, now)
      const percent = stage._tag === "Downloading" || reported > 0 ? `${Math.floor(reported * 100)} %` : ""
      const left = leftMs === undefined ? "" : leftMs < 500 ? "any moment" : `≈ ${formatDuration(leftMs)}`
      const spin = spinner[Math.floor(now / 100) % spinner.length] ?? ""
      const isBarShown = barCells >= minBarCells
      const figures = [
        { text: percent.padStart(percentCells), cells: percentCells + 1, paint: (text: string) => text },
        {
          text: formatDuration(now - line.startedAt).padStart(elapsedCells),
          cells: elapsedCells,
          paint: paint.dim,
        },
        { text: `  ${left}`, cells: lastCells + 2, paint: paint.dim },
      ]
      // A narrow screen drops columns from the right.
      let free = room - statusCells - (isBarShown ? barCells + 1 : 0)
      const shown = figures.filter(({ cells }) => (free -= cells) >= 0)
      return [
        `${paint.busy(spin)} ${title}`,
        paint[isQueued(line) ? "waiting" : "busy"](fitToCells(describeStatus(line), statusCells)),
        ...(isBarShown ? [renderBar(reported, expected, barCells, paint)] : []),
        shown.map((figure) => figure.paint(figure.text)).join(""),
      ]
        .join(" ")
        .trimEnd()
    }
  }
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

const isQueued = ({ stage }: JobLine): boolean =>
  stage._tag === "Preparing" ||
  stage._tag === "Waiting" ||
  (stage._tag === "Updated" && stage.update._tag !== "JobProgressed")

/** Draws reported progress bright, expected progress dim, and the rest as a thin line. */
const renderBar = (reported: number, expected: number, cells: number, paint: Paint): string => {
  const full = Math.round(reported * cells)
  const faint = Math.max(full, Math.round(expected * cells))
  return `${paint.busy("━".repeat(full))}${paint.busy(paint.dim("━".repeat(faint - full)))}${paint.dim("─".repeat(cells - faint))}`
}
