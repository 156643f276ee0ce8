import { toFileLink, getFileName } from "./toFileLink.ts"
import type { GalleryAsset } from "./Gallery.ts"
import { html, type Content, type Markup } from "./html.ts"
import { formatBytes, formatDuration } from "./quantities.ts"
import { readWaveform } from "./readWaveform.ts"
import { barCount, renderSoundPlayer } from "./renderSoundPlayer.ts"
import { renderTurntable } from "./renderTurntable.ts"

/**
 * One file of a job: shown, played, or turned if a browser can, and offered for download if it can't.
 * `id` is this tile's own within the page.
 */
export function renderAsset(asset: GalleryAsset, description: string, id: string): Markup {
  const name = getFileName(asset.file)
  const link = toFileLink(asset.file)
  const { stage, seconds } =
    link === undefined
      ? { stage: fileTile(asset, name) }
      : preview(asset, name, link, asset.alt ?? description, id)
  return html`<figure class="asset">
    ${stage}
    <figcaption>
      <bdi class="file">${link === undefined ? name : html`<a href="${link}">${name}</a>`}</bdi>
      <span class="facts">${facts(asset, seconds)}</span>
    </figcaption>
  </figure>`
}

interface Preview {
  readonly stage: Markup
  /** What the file itself says of its length. */
  readonly seconds?: number | undefined
}

function preview(asset: GalleryAsset, name: string, link: string, description: string, id: string): Preview {
  if (shownByBrowsers.test(asset.mimeType)) return { stage: picture(asset, link, link, description) }
  if (asset.mimeType.startsWith("audio/")) {
    const waveform = asset.content && readWaveform(asset.content, barCount)
    return { stage: renderSoundPlayer(link, description, waveform), seconds: waveform?.duration }
  }
  if (asset.mimeType.startsWith("video/")) return { stage: film(asset, link, description) }
  if (asset.text !== undefined) return { stage: renderText(asset.text) }
  const still = asset.preview === undefined ? undefined : toFileLink(asset.preview)
  const turned =
    asset.content && isGlb(asset.content) ? renderTurntable(asset.content, description, id) : undefined
  return {
    stage:
      turned ??
      (still === undefined ? download(asset, name, link) : picture(asset, link, still, description)),
  }
}

/** By its first bytes: the stated types of 3D files are often wrong. */
const isGlb = (content: Uint8Array): boolean => new TextDecoder().decode(content.subarray(0, 4)) === "glTF"

/** Formats that an `<img>` shows in every browser; a TIFF or an HDR would be a broken picture. */
const shownByBrowsers = /^image\/(png|jpeg|webp|gif|avif|svg\+xml|bmp)$/

const picture = (asset: GalleryAsset, link: string, source: string, description: string) =>
  html`<a class="stage checkered" href="${link}" ${shape(asset)}
    ><img src="${source}" alt="${description}" decoding="sync" ${size(asset)}
  /></a>`

/** The first frame stands for a film that has no still: the fragment makes Safari show it, too. */
function film(asset: GalleryAsset, link: string, description: string): Markup {
  const still = asset.preview === undefined ? undefined : toFileLink(asset.preview)
  const source = still === undefined ? `${link}#t=0.001` : link
  return html`<div class="stage film" ${shape(asset)}>
    <video
      controls
      playsinline
      preload="metadata"
      src="${source}"
      ${still !== undefined && html`poster="${still}"`}
      aria-label="${description}"
    ></video>
  </div>`
}

/** A text to read, large if it is short. Its spaces and line breaks are kept, so nothing may stand beside it. */
export function renderText(text: string): Markup {
  const size = text.length <= 160 && html`data-short`
  return html`<blockquote class="stage words" ${size} dir="auto" tabindex="0">${text}</blockquote>`
}

/** The picture's own shape, within what still looks like a card. */
const shape = ({ width, height }: GalleryAsset): Content =>
  isKnown(width) &&
  isKnown(height) &&
  html`style="aspect-ratio:${Math.min(2, Math.max(0.7, width / height)).toFixed(3)}"`

const size = ({ width, height }: GalleryAsset): Content =>
  isKnown(width) && isKnown(height) && html`width="${width}" height="${height}"`

const isKnown = (side: number | undefined): side is number => side !== undefined && side > 0

const download = (asset: GalleryAsset, name: string, link: string) =>
  html`<a class="stage download" href="${link}" download="${name}"
    >${fileFace(asset, name)}<span>Download</span></a
  >`

const fileTile = (asset: GalleryAsset, name: string) =>
  html`<div class="stage download">${fileFace(asset, name)}</div>`

function fileFace(asset: GalleryAsset, name: string): Markup {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? asset.kind
  return html`<span class="sheet" aria-hidden="true">${extension.toUpperCase()}</span>
    <span>${asset.kind === "3d" ? "3D model" : `${asset.kind} file`}</span>`
}

const facts = ({ width, height, bytes: length, duration: stated }: GalleryAsset, seconds = stated): string =>
  [
    isKnown(width) && isKnown(height) ? `${width} × ${height}` : "",
    seconds === undefined ? "" : formatDuration(seconds * 1000),
    formatBytes(length),
  ]
    .filter(Boolean)
    .join(" · ")
