import { assetTile } from "./assetTile.ts"
import type { GalleryAsset, GalleryEntry } from "./Gallery.ts"
import { html, type Content, type Markup } from "./html.ts"
import { jobTimes } from "./jobTimes.ts"
import { amount, count, duration } from "./quantities.ts"
import { statusWords, toneOf } from "./statusTone.ts"

/** One job on the contact sheet: its files, what was asked for, what it took. */
export function entryCard(entry: GalleryEntry, position: number): Markup {
  const tone = toneOf(entry.status)
  return html`<li>
    <article class="card" id="job-${position}" aria-labelledby="job-${position}-title" tabindex="-1">
      ${result(entry)}
      <header>
        <h3 id="job-${position}-title" dir="auto">${entry.title}</h3>
        ${tone !== "success" && html`<span class="badge" data-tone="${tone}">${statusWords(entry.status)}</span>`}
      </header>
      ${entry.prompt !== undefined && html`<p class="prompt" dir="auto">${entry.prompt}</p>`}
      ${entry.error !== undefined && trouble(entry.error)}
      <dl class="details">
        ${fact("Endpoint", html`<code>${entry.endpoint}</code>`)} ${fact("Model", entry.model)}
        ${fact("Seed", entry.seed)} ${fact("Cost", entry.cost !== undefined && `${amount(entry.cost)} CU`)}
        ${fact("Took", took(entry))} ${fact("Job", html`<code>${entry.jobId}</code>`)}
      </dl>
    </article>
  </li>`
}

function result(entry: GalleryEntry): Content {
  const description = entry.prompt ?? entry.title
  const words =
    entry.output !== undefined &&
    html`<blockquote class="stage words" dir="auto" tabindex="0">${entry.output}</blockquote>`
  if (entry.assets.length === 0)
    return words === false ? html`<div class="stage empty">No files</div>` : words
  const isPrimary = ({ assetId }: GalleryAsset) => assetId === entry.primary
  const inOrder = [...entry.assets.filter(isPrimary), ...entry.assets.filter((asset) => !isPrimary(asset))]
  const tiles = inOrder.map((asset, index) =>
    assetTile(
      asset,
      entry.assets.length === 1 ? description : `${description} (${index + 1} of ${entry.assets.length})`,
    ),
  )
  return html`${words}
    <div class="assets" data-many="${entry.assets.length > 1 ? "yes" : "no"}">${tiles}</div>`
}

const trouble = (error: { readonly message: string; readonly hint?: string }) =>
  html`<div class="trouble">
    <p dir="auto">${error.message}</p>
    ${error.hint !== undefined && html`<p class="hint" dir="auto">${error.hint}</p>`}
  </div>`

const fact = (name: string, value: Content) =>
  value !== undefined &&
  value !== false &&
  html`<div>
    <dt>${name}</dt>
    <dd><bdi>${value}</bdi></dd>
  </div>`

function took(entry: GalleryEntry): string {
  const times = jobTimes(entry)
  const requests = count(entry.requests, "request")
  return times === undefined ? requests : `${duration(times.to - times.from)}, ${requests}`
}
