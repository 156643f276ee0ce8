import { renderAsset, renderText } from "./renderAsset.ts"
import type { GalleryAsset, GalleryEntry } from "./Gallery.ts"
import { html, type Content, type Markup } from "./html.ts"
import { getJobTimes } from "./getJobTimes.ts"
import { formatAmount, formatCount, formatDuration } from "./quantities.ts"
import { formatStatus, getTone } from "./status.ts"

/** The card of a job: its results, its request, and its duration and cost. */
export const renderCard = (entry: GalleryEntry, position: number): Markup => {
  const tone = getTone(entry.status)
  return html`<li>
    <article class="card" id="job-${position}" aria-labelledby="job-${position}-title" tabindex="-1">
      ${renderResults(entry, position)}
      <header>
        <h3 id="job-${position}-title" dir="auto">${entry.title}</h3>
        ${tone !== "success" && html`<span class="badge" data-tone="${tone}">${formatStatus(entry.status)}</span>`}
      </header>
      ${entry.prompt !== undefined && html`<p class="prompt" dir="auto">${entry.prompt}</p>`}
      ${entry.error !== undefined && renderError(entry.error)}
      <dl class="details">
        ${renderFact("Model", entry.model)} ${renderFact("Endpoint", html`<code>${entry.endpoint}</code>`)}
        ${renderFact("Seed", entry.seed)}
        ${renderFact("Cost", entry.cost !== undefined && `${formatAmount(entry.cost)} CU`)}
        ${renderFact("Took", describeDuration(entry))} ${renderFact("Job", html`<code>${entry.jobId}</code>`)}
      </dl>
    </article>
  </li>`
}

const renderResults = (entry: GalleryEntry, position: number): Content => {
  const { output } = entry
  const isPrimary = ({ assetId }: GalleryAsset) => assetId === entry.primaryAssetId
  const assets = [...entry.assets.filter(isPrimary), ...entry.assets.filter((asset) => !isPrimary(asset))]
  const text = output !== undefined && renderText(output)
  if (assets.length === 0) return text === false ? html`<div class="stage empty">No files</div>` : text
  const description = entry.prompt ?? entry.title
  const assetTiles = assets.map((asset, index) =>
    renderAsset(
      asset,
      assets.length === 1 ? description : `${description} (${index + 1} of ${assets.length})`,
      `asset-${position}-${index + 1}`,
    ),
  )
  return html`${text}
    <div class="assets" data-layout="${chooseLayout(assets)}">${assetTiles}</div>`
}

/**
 * The layout of a card's files without gaps: below each other, in pairs, or in pairs below the first. Two wide pictures are larger below
 * each other than side by side.
 */
const chooseLayout = (assets: ReadonlyArray<GalleryAsset>): "stack" | "pairs" | "first" => {
  const areWide = assets.every(({ width = 1, height = 1 }) => width > height * 1.2)
  const arePictures = assets.every(({ mimeType }) => mimeType.startsWith("image/"))
  if (assets.length === 1 || !arePictures) return "stack"
  if (assets.length === 2) return areWide ? "stack" : "pairs"
  return assets.length % 2 === 0 ? "pairs" : "first"
}

const renderError = (error: { readonly message: string; readonly hint?: string }) =>
  html`<div class="failure">
    <p dir="auto">${error.message}</p>
    ${error.hint !== undefined && html`<p class="hint" dir="auto">${error.hint}</p>`}
  </div>`

const renderFact = (name: string, value: Content) =>
  value !== undefined &&
  value !== false &&
  html`<div>
    <dt>${name}</dt>
    <dd><bdi>${value}</bdi></dd>
  </div>`

const describeDuration = (entry: GalleryEntry): string => {
  const times = getJobTimes(entry)
  const requests = formatCount(entry.requests, "request")
  return times === undefined ? requests : `${formatDuration(times.to - times.from)}, ${requests}`
}
