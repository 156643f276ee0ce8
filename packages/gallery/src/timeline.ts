import type { GalleryEntry } from "./Gallery.ts"
import { html, type Content, type Markup } from "./html.ts"
import { jobTimes, span, ticks, type JobTimes } from "./jobTimes.ts"
import { count, duration } from "./quantities.ts"
import { statusWords, toneOf } from "./statusTone.ts"

/** Every job's life on one axis of time, with a dot for each time that we looked. */
export function timeline(entries: ReadonlyArray<GalleryEntry>): Content {
  const jobs = entries.map((entry, index) => ({ entry, position: index + 1, times: jobTimes(entry) }))
  const whole = span(jobs.flatMap(({ times }) => times ?? []))
  if (whole === undefined) return undefined
  const length = Math.max(whole.to - whole.from, 1)
  const place = (time: number) => `${(((time - whole.from) / length) * 100).toFixed(3)}%`
  const axis = ticks(length)
  return html`<section aria-labelledby="timeline">
    <div class="heading">
      <h2 id="timeline">Timeline</h2>
      ${legend(entries)}
    </div>
    <div class="chart">
      <div class="axis" aria-hidden="true">
        ${axis.map((tick) => html`<span style="left:${place(whole.from + tick)}">${tick === 0 ? "0" : duration(tick)}</span>`)}
      </div>
      <ol class="rows">
        ${jobs.map(({ entry, position, times }) =>
          row(
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

function row(
  entry: GalleryEntry,
  position: number,
  times: JobTimes | undefined,
  place: (time: number) => string,
  grid: ReadonlyArray<number>,
): Markup {
  return html`<li class="row">
    <a class="row-name" href="#job-${position}" dir="auto">${entry.title}</a>
    ${
      times === undefined
        ? html`<span class="row-took">no times known</span>`
        : html`<div class="track" role="img" aria-label="${inWords(entry, times)}">
              ${grid.map((time) => html`<i class="grid" style="left:${place(time)}"></i>`)}
              ${times.stretches.map(
                (stretch) =>
                  html`<i
                    class="stretch"
                    data-tone="${toneOf(stretch.status)}"
                    title="${statusWords(stretch.status)}: ${duration(stretch.to - stretch.from)}"
                    style="left:${place(stretch.from)};right:calc(100% - ${place(stretch.to)})"
                  ></i>`,
              )}
              <i class="end" data-tone="${toneOf(entry.status)}" style="left:${place(times.to)}"></i>
              ${times.looks.map((look) => html`<i class="look" style="left:${place(look)}"></i>`)}
            </div>
            <span class="row-took" aria-hidden="true">${duration(times.to - times.from)}</span>`
    }
  </li>`
}

/** The bar for those who hear it: "queued for 1.2 s, in progress for 8 s, success after 9.2 s; looked at 5 times". */
function inWords(entry: GalleryEntry, times: JobTimes): string {
  const stretches = times.stretches.map(
    ({ status, from, to }) => `${statusWords(status)} for ${duration(to - from)}`,
  )
  const ending = `${statusWords(entry.status)} after ${duration(times.to - times.from)}`
  const looks = times.looks.length === 0 ? "" : `; looked at ${count(times.looks.length, "time")}`
  return `${[...stretches, ending].join(", ")}${looks}`
}

function legend(entries: ReadonlyArray<GalleryEntry>): Markup {
  const seen = new Map<string, string>()
  for (const entry of entries)
    for (const status of [...entry.timeline.map((each) => each.status), entry.status])
      seen.set(status, toneOf(status))
  return html`<ul class="legend" aria-label="Legend">
    ${[...seen].map(([status, tone]) => html`<li><i class="key" data-tone="${tone}"></i>${statusWords(status)}</li>`)}
    ${entries.some((entry) => (entry.looks ?? []).length > 0) && html`<li><i class="key look-key"></i>we looked</li>`}
  </ul>`
}
