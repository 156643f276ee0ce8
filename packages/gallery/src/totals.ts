import type { Gallery } from "./Gallery.ts"
import { html, type Content, type Markup } from "./html.ts"
import { jobTimes, span } from "./jobTimes.ts"
import { amount, bytes, count, duration } from "./quantities.ts"
import { statusWords } from "./statusTone.ts"

/** What all of it came to: jobs, files, requests, compute units, time. */
export function totals(gallery: Gallery): Markup {
  const assets = gallery.entries.flatMap((entry) => entry.assets)
  const whole = span(gallery.entries.flatMap((entry) => jobTimes(entry) ?? []))
  const length = assets.reduce((sum, asset) => sum + asset.bytes, 0)
  const { total, saved } = gallery.requests
  return html`<dl class="totals">
    ${tile("Jobs", amount(gallery.entries.length), endings(gallery))}
    ${tile("Files", amount(assets.length), assets.length > 0 && bytes(length))}
    ${tile("Requests", amount(total), saved !== undefined && saved > 0 && `${amount(saved)} fewer than one by one`)}
    ${tile("Compute units", amount(gallery.cost), false)}
    ${whole !== undefined && tile("Wall time", duration(whole.to - whole.from), "first event to last")}
  </dl>`
}

const tile = (name: string, value: string, note: Content) =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}${note !== false && html` <small>${note}</small>`}</dd>
  </div>`

/** `5 success, 1 failure`. */
function endings({ entries }: Gallery): string {
  const byStatus = Map.groupBy(entries, (entry) => entry.status)
  return [...byStatus].map(([status, { length }]) => `${length} ${statusWords(status)}`).join(", ")
}

/** The requests by kind, as a bar for each. */
export function requestsByKind({ requests }: Gallery): Content {
  const kinds = Object.entries(requests.byKind ?? {}).filter(([, sent]) => sent > 0)
  if (kinds.length === 0) return undefined
  const most = Math.max(...kinds.map(([, sent]) => sent))
  return html`<section aria-labelledby="requests">
    <h2 id="requests">Requests</h2>
    <p class="lead">${count(requests.total, "request")} to the API for all of it.</p>
    <ul class="kinds">
      ${kinds.map(
        ([kind, sent]) =>
          html`<li>
            <span>${kind}</span><i style="--share:${(sent / most).toFixed(3)}"></i><b>${amount(sent)}</b>
          </li>`,
      )}
    </ul>
  </section>`
}
