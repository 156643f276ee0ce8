import { LogScale } from "./LogScale.ts"
import { type Box, fontSize } from "./placeLabels.ts"
import { element } from "./svg.ts"

export interface Theme {
  readonly background: string
  readonly ink: string
  readonly faint: string
  readonly grid: string
  readonly ours: string
  readonly others: string
  readonly second: string
}

export const themes = {
  light: {
    background: "#ffffff",
    ink: "#1f2328",
    faint: "#59636e",
    grid: "#e4e8ec",
    ours: "#0969da",
    others: "#818b98",
    second: "#bc4c00",
  },
  dark: {
    background: "#0d1117",
    ink: "#f0f6fc",
    faint: "#9198a1",
    grid: "#262c36",
    ours: "#58a6ff",
    others: "#8b949e",
    second: "#f0883e",
  },
} as const satisfies Record<string, Theme>

interface Axis {
  readonly title: string
  readonly range: readonly [number, number]
  readonly ticks: ReadonlyArray<number>
  readonly format: (value: number) => string
}

const width = 760
const height = 460
const area: Box = { left: 64, top: 64, right: width - 24, bottom: height - 52 }

/** Two logarithmic axes, a title, and a grid. The caller draws the content. */
export class Chart {
  readonly area = area
  readonly x: LogScale
  readonly y: LogScale
  readonly theme: Theme
  readonly #axes: ReadonlyArray<string>

  constructor(
    { title, subtitle, x, y }: { title: string; subtitle: string; x: Axis; y: Axis },
    theme: Theme,
  ) {
    this.theme = theme
    this.x = new LogScale(x.range, [area.left, area.right])
    this.y = new LogScale(y.range, [area.bottom, area.top])
    this.#axes = [
      drawText(title, { x: 24, y: 28, fill: theme.ink, "font-size": 16, "font-weight": 600 }),
      drawText(subtitle, { x: 24, y: 47, fill: theme.faint }),
      ...x.ticks.flatMap((tick) => {
        const at = this.x.at(tick)
        return [
          drawLine({ x1: at, y1: area.top, x2: at, y2: area.bottom, stroke: theme.grid }),
          drawText(x.format(tick), {
            x: at,
            y: area.bottom + 18,
            fill: theme.faint,
            "text-anchor": "middle",
          }),
        ]
      }),
      ...y.ticks.flatMap((tick) => {
        const at = this.y.at(tick)
        return [
          drawLine({ x1: area.left, y1: at, x2: area.right, y2: at, stroke: theme.grid }),
          drawText(y.format(tick), { x: area.left - 8, y: at + 4, fill: theme.faint, "text-anchor": "end" }),
        ]
      }),
      drawText(x.title, {
        x: (area.left + area.right) / 2,
        y: height - 14,
        fill: theme.ink,
        "text-anchor": "middle",
      }),
      drawText(y.title, { x: area.left + 6, y: area.top + 14, fill: theme.ink }),
    ]
  }

  /** The whole picture with this content. */
  draw(content: ReadonlyArray<string>): string {
    const { background } = this.theme
    const svg = element(
      "svg",
      {
        xmlns: "http://www.w3.org/2000/svg",
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        "font-family": "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
        "font-size": fontSize,
      },
      [element("rect", { width, height, rx: 8, fill: background }), ...this.#axes, ...content],
    )
    return `${svg}\n`
  }
}

export const drawText = (text: string, attributes: Readonly<Record<string, string | number>>): string =>
  element("text", attributes, { words: text })

export const drawLine = (attributes: Readonly<Record<string, string | number>>): string =>
  element("line", attributes)

/** Seconds in the most readable unit. */
export const formatSeconds = (seconds: number): string => {
  if (seconds < 60) return `${Number(seconds.toPrecision(2))} s`
  return seconds < 3600
    ? `${Number((seconds / 60).toPrecision(2))} min`
    : `${Number((seconds / 3600).toPrecision(2))} h`
}
