import type { FleetFigures } from "../fleet/fleetTable.ts"
import { Chart, drawText, formatSeconds, type Theme } from "./Chart.ts"
import { element } from "./svg.ts"

/** The p95 delay over the number of concurrent waits: loops with a queue, loops with retries, and ours. */
export const drawFleets = (figures: ReadonlyArray<FleetFigures>, theme: Theme): string => {
  const chart = new Chart(
    {
      title: "A fleet of image jobs under 100 requests a minute",
      subtitle: "Time from a job's end until its asset is available, 95th percentile",
      x: {
        title: "concurrent waits",
        range: [1, 14_000],
        ticks: [1, 10, 100, 1_000, 10_000],
        format: (jobs) => jobs.toLocaleString("en"),
      },
      y: {
        title: "delay, p95",
        range: [0.5, 20_000],
        ticks: [1, 10, 60, 600, 3_600],
        format: formatSeconds,
      },
    },
    theme,
  )
  const series = [
    { client: "naive, 429", text: "one loop per job, retried on 429", color: theme.second, width: 2 },
    { client: "naive, queue", text: "one loop per job, queued", color: theme.others, width: 2 },
    { client: "ours", text: "ours", color: theme.ours, width: 3 },
  ] as const
  return chart.draw(
    series.flatMap(({ client, text, color, width }) => {
      const points = figures
        .filter((row) => row.kind === "image" && row.client === client)
        .toSorted((one, other) => one.jobs - other.jobs)
        .map((row) => ({ x: chart.x.at(row.jobs), y: chart.y.at(row.p95Ms / 1000), p95Ms: row.p95Ms }))
      const last = points.at(-1)
      if (last === undefined) return []
      return [
        element("polyline", {
          points: points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "),
          fill: "none",
          stroke: color,
          "stroke-width": width,
          "stroke-linejoin": "round",
        }),
        ...points.map(({ x, y }) =>
          element("circle", {
            cx: x,
            cy: y,
            r: 4.5,
            fill: color,
            stroke: theme.background,
            "stroke-width": 1.5,
          }),
        ),
        drawText(`${text}: ${formatSeconds(last.p95Ms / 1000)}`, {
          x: last.x - 12,
          y: last.y - 2,
          fill: color,
          "font-weight": 600,
          "text-anchor": "end",
        }),
      ]
    }),
  )
}
