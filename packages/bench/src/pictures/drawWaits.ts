import type { WaitFigures } from "../wait/waitTable.ts"
import { Chart, drawLine, drawText, formatSeconds, type Theme } from "./Chart.ts"
import { type Box, type Labelled, placeLabels } from "./placeLabels.ts"
import { element } from "./svg.ts"

const kind = "video"

interface Dot extends Labelled {
  readonly isOurs: boolean
}

/** Requests against delay of one wait: a dot for each client, ours in color, and the lower bound as a line. */
export const drawWaits = (figures: ReadonlyArray<WaitFigures>, theme: Theme): string => {
  const rows = figures.filter((row) => row.kind === kind && row.label !== undefined)
  const chart = new Chart(
    {
      title: "One video job: requests against delay",
      subtitle:
        "Each dot is a client with its defaults, over the same jobs; closer to the lower left is better",
      x: {
        title: "requests per job",
        range: [4, 700],
        ticks: [5, 10, 20, 50, 100, 200, 500],
        format: String,
      },
      y: {
        title: "mean delay after the job's end",
        range: [0.2, 200],
        ticks: [0.2, 0.5, 1, 2, 5, 10, 30, 60, 120],
        format: formatSeconds,
      },
    },
    theme,
  )
  const dots = mergeDots(
    rows.map((row) => ({
      x: chart.x.at(row.polls),
      y: chart.y.at(row.delayMs / 1000),
      text: row.lost > 0.01 ? `${row.label} (loses ${(100 * row.lost).toFixed(0)} %)` : (row.label ?? ""),
      isOurs: row.isOurs,
    })),
  )
  const floor = (rows[0]?.floorMs ?? 0) / 1000
  const { left, bottom, top } = chart.area
  const from = { x: left, y: chart.y.at(floor / 4) }
  const to = { x: chart.x.at(floor / 0.2), y: bottom }
  const slope = (to.y - from.y) / (to.x - from.x)
  const caption = { x: chart.x.at(70), y: chart.y.at(floor / 70) - 6 }
  const labels = placeLabels(dots, chart.area, [
    { left, right: left + 190, top, bottom: top + 22 },
    ...coverLine(from, to),
    ...coverLine(caption, { x: caption.x + 185, y: caption.y + 185 * slope }),
  ])
  return chart.draw([
    drawLine({
      x1: from.x,
      y1: from.y,
      x2: to.x,
      y2: to.y,
      stroke: theme.ink,
      "stroke-dasharray": "5 4",
      opacity: 0.6,
    }),
    drawText("minimum without progress", {
      ...caption,
      fill: theme.faint,
      transform: `rotate(${((Math.atan(slope) * 180) / Math.PI).toFixed(2)} ${caption.x.toFixed(1)} ${caption.y.toFixed(1)})`,
    }),
    ...labels
      .filter(({ isFar }) => isFar)
      .map(({ x, y, box }) =>
        drawLine({
          x1: x,
          y1: y,
          x2: Math.min(Math.max(x, box.left), box.right),
          y2: Math.min(Math.max(y, box.top + 4), box.bottom),
          stroke: theme.others,
          opacity: 0.6,
        }),
      ),
    ...dots.map(({ x, y, isOurs }) =>
      element("circle", {
        cx: x,
        cy: y,
        r: isOurs ? 5.5 : 4.5,
        fill: isOurs ? theme.ours : theme.others,
        stroke: theme.background,
        "stroke-width": 1.5,
      }),
    ),
    ...labels.map(({ x, text, box }, index) =>
      drawText(text, {
        ...getTextAnchor(x, box),
        y: box.bottom - 4,
        fill: dots[index]?.isOurs === true ? theme.ours : theme.faint,
        ...(dots[index]?.isOurs === true ? { "font-weight": 600 } : {}),
      }),
    ),
  ])
}

/** Anchored at the side of its dot, because the reader's font width is unknown. */
const getTextAnchor = (
  x: number,
  { left, right }: Box,
): { readonly x: number; readonly "text-anchor": string } => {
  if (left > x) return { x: left + 2, "text-anchor": "start" }
  if (right < x) return { x: right - 2, "text-anchor": "end" }
  return { x: (left + right) / 2, "text-anchor": "middle" }
}

/** Merges overlapping dots into one with both names. */
const mergeDots = (dots: ReadonlyArray<Dot>): ReadonlyArray<Dot> => {
  const merged: Array<Dot> = []
  for (const dot of dots) {
    const index = merged.findIndex(
      (other) => Math.hypot(other.x - dot.x, other.y - dot.y) < 9 && other.isOurs === dot.isOurs,
    )
    const other = merged[index]
    if (other === undefined) merged.push({ ...dot, text: dot.isOurs ? `ours: ${dot.text}` : dot.text })
    else merged[index] = { ...other, text: `${other.text}, ${dot.text}` }
  }
  return merged
}

/** Small boxes along a line, so that no label covers it. */
const coverLine = (
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): ReadonlyArray<Box> =>
  Array.from({ length: 61 }, (_, index) => {
    const x = from.x + ((to.x - from.x) * index) / 60
    const y = from.y + ((to.y - from.y) * index) / 60
    return { left: x - 6, right: x + 6, top: y - 6, bottom: y + 4 }
  })
