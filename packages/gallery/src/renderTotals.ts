import type { Gallery } from "./Gallery.ts"
import { html, type Content, type Markup } from "./html.ts"
import { getJobTimes, getSpan } from "./getJobTimes.ts"
import { formatAmount, formatBytes, formatCount, formatDuration } from "./quantities.ts"
import { formatStatus } from "./status.ts"

/** The totals: jobs, files, requests, compute units, and time. */
export const renderTotals = (gallery: Gallery): Markup => {
  const assets = gallery.entries.flatMap((entry) => entry.assets)
  const whole = getSpan(gallery.entries.flatMap((entry) => getJobTimes(entry) ?? []))
  const length = assets.reduce((sum, asset) => sum + asset.bytes, 0)
  const { total, saved } = gallery.requests
  return html`<dl class="totals">
    ${renderTile("Jobs", formatAmount(gallery.entries.length), describeStatuses(gallery))}
    ${renderTile("Files", formatAmount(assets.length), assets.length > 0 && formatBytes(length))}
    ${renderTile("Requests", formatAmount(total), saved !== undefined && saved > 0 && `${formatAmount(saved)} fewer than one by one`)}
    ${renderTile("Compute units", formatAmount(gallery.cost), false)}
    ${whole !== undefined && renderTile("Wall time", formatDuration(whole.to - whole.from), "first event to last")}
  </dl>`
}

const renderTile = (name: string, value: string, note: Content) =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}${note !== false && html` <small>${note}</small>`}</dd>
  </div>`

/** `5 success, 1 failure`. */
const describeStatuses = ({ entries }: Gallery): string => {
  const byStatus = Map.groupBy(entries, (entry) => entry.status)
  return [...byStatus].map(([status, { length }]) => `${length} ${formatStatus(status)}`).join(", ")
}

/** A bar for each kind of request. */
export const renderRequests = ({ requests }: Gallery): Content => {
  const kinds = Object.entries(requests.byKind ?? {}).filter(([, sent]) => sent > 0)
  if (kinds.length === 0) return undefined
  const max = Math.max(...kinds.map(([, sent]) => sent))
  return html`<section aria-labelledby="requests">
    <h2 id="requests">Requests</h2>
    <p class="lead">${formatCount(requests.total, "request")} to the API for all of it.</p>
    <ul class="kinds">
      ${kinds.map(
        ([kind, sent]) =>
          html`<li>
            <span>${kind}</span><i style="--share:${(sent / max).toFixed(3)}"></i><b>${formatAmount(sent)}</b>
          </li>`,
      )}
    </ul>
  </section>`
}
