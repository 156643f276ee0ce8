import type { GalleryEntry } from "./Gallery.ts"
import { html, type Content, type Markup } from "./html.ts"
import { getJobTimes, getSpan, getTicks, type JobTimes } from "./getJobTimes.ts"
import { formatCount, formatDuration } from "./quantities.ts"
import { formatStatus, getTone } from "./status.ts"

/** All jobs on one time axis, with a dot for each poll. */
export const renderTimeline = (entries: ReadonlyArray<GalleryEntry>): Content => {
  const jobs = entries.map((entry, index) => ({ entry, position: index + 1, times: getJobTimes(entry) }))
  const whole = getSpan(jobs.flatMap(({ times }) => times ?? []))
  if (whole === undefined) return undefined
  const length = Math.max(whole.to - whole.from, 1)
  const place = (time: number) => `${(((time - whole.from) / length) * 100).toFixed(3)}%`
  const axis = getTicks(length)
  return html`<section aria-labelledby="timeline">
    <div class="heading">
      <h2 id="timeline">Timeline</h2>
      ${renderLegend(entries)}
    </div>
    <div class="chart">
      <div class="axis" aria-hidden="true">
        ${axis.map((tick) => html`<span style="left:${place(whole.from + tick)}">${tick === 0 ? "0" : formatDuration(tick)}</span>`)}
      </div>
      <ol class="rows">
        ${jobs.map(({ entry, position, times }) =>
          renderRow(
            entry,
            position,
            times,
            place,
            axis.map((tick) => whole.from + tick),
          ),
        )}
      </ol>
    </div>
  </section>`
}

const renderRow = (
  entry: GalleryEntry,
  position: number,
  times: JobTimes | undefined,
  place: (time: number) => string,
  grid: ReadonlyArray<number>,
): Markup =>
  html`<li class="row">
    <a class="row-name" href="#job-${position}" dir="auto">${entry.title}</a>
    ${
      times === undefined
        ? html`<span class="row-took">no dates</span>`
        : html`<div class="track" role="img" aria-label="${describeTimes(entry, times)}">
              ${grid.map((time) => html`<i class="grid" style="left:${place(time)}"></i>`)}
              ${times.stretches.map(
                (stretch) =>
                  html`<i
                    class="stretch"
                    data-tone="${getTone(stretch.status)}"
                    title="${formatStatus(stretch.status)}: ${formatDuration(stretch.to - stretch.from)}"
                    style="left:${place(stretch.from)};right:calc(100% - ${place(stretch.to)})"
                  ></i>`,
              )}
              <i class="end" data-tone="${getTone(entry.status)}" style="left:${place(times.to)}"></i>
              ${times.polls.map((poll) => html`<i class="poll" style="left:${place(poll)}"></i>`)}
            </div>
            <span class="row-took" aria-hidden="true">${formatDuration(times.to - times.from)}</span>`
    }
  </li>`

/** The text alternative of a row: "queued for 1.2 s, in progress for 8 s, success after 9.2 s; polled 5 times". */
const describeTimes = (entry: GalleryEntry, times: JobTimes): string => {
  const stretches = times.stretches.map(
    ({ status, from, to }) => `${formatStatus(status)} for ${formatDuration(to - from)}`,
  )
  const ending = `${formatStatus(entry.status)} after ${formatDuration(times.to - times.from)}`
  const polls = times.polls.length === 0 ? "" : `; polled ${formatCount(times.polls.length, "time")}`
  return `${[...stretches, ending].join(", ")}${polls}`
}

const renderLegend = (entries: ReadonlyArray<GalleryEntry>): Markup => {
  const seen = new Map<string, string>()
  for (const entry of entries)
    for (const status of [...entry.timeline.map((each) => each.status), entry.status])
      seen.set(status, getTone(status))
  return html`<ul class="legend" aria-label="Legend">
    ${[...seen].map(([status, tone]) => html`<li><i class="key" data-tone="${tone}"></i>${formatStatus(status)}</li>`)}
    ${entries.some((entry) => (entry.polls ?? []).length > 0) && html`<li><i class="key poll-key"></i>polled</li>`}
  </ul>`
}
