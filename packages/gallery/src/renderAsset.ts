import { toFileLink, getFileName } from "./toFileLink.ts"
import type { GalleryAsset } from "./Gallery.ts"
import { html, type Content, type Markup } from "./html.ts"
import { formatBytes, formatDuration } from "./quantities.ts"
import { readWaveform } from "./readWaveform.ts"
import { barCount, renderSoundPlayer } from "./renderSoundPlayer.ts"
import { renderTurntable } from "./renderTurntable.ts"

/** Shows a file, or offers it for download if a browser can't show it. `id` must be unique in the page. */
export const renderAsset = (asset: GalleryAsset, description: string, id: string): Markup => {
  const name = getFileName(asset.file)
  const link = toFileLink(asset.file)
  const { stage, seconds } =
    link === undefined
      ? { stage: renderTile(asset, name) }
      : renderPreview(asset, name, link, asset.alt ?? description, id)
  return html`<figure class="asset">
    ${stage}
    <figcaption>
      <bdi class="file">${link === undefined ? name : html`<a href="${link}">${name}</a>`}</bdi>
      <span class="facts">${formatFacts(asset, seconds)}</span>
    </figcaption>
  </figure>`
}

interface Preview {
  readonly stage: Markup
  /** The length, read from the file. */
  readonly seconds?: number | undefined
}

const renderPreview = (
  asset: GalleryAsset,
  name: string,
  link: string,
  description: string,
  id: string,
): Preview => {
  if (browserFormats.test(asset.mimeType)) return { stage: renderPicture(asset, link, link, description) }
  if (asset.mimeType.startsWith("audio/")) {
    const waveform = asset.content && readWaveform(asset.content, barCount)
    return { stage: renderSoundPlayer(link, description, waveform), seconds: waveform?.duration }
  }
  if (asset.mimeType.startsWith("video/")) return { stage: renderVideo(asset, link, description) }
  if (asset.text !== undefined) return { stage: renderText(asset.text) }
  const poster = asset.preview === undefined ? undefined : toFileLink(asset.preview)
  const turned =
    asset.content && isGlb(asset.content) ? renderTurntable(asset.content, description, id) : undefined
  return {
    stage:
      turned ??
      (poster === undefined
        ? renderDownload(asset, name, link)
        : renderPicture(asset, link, poster, description)),
  }
}

/** Checks the first bytes, because the MIME types of 3D files are often wrong. */
const isGlb = (content: Uint8Array): boolean => new TextDecoder().decode(content.subarray(0, 4)) === "glTF"

/** Formats that every browser shows in an `<img>`. */
const browserFormats = /^image\/(png|jpeg|webp|gif|avif|svg\+xml|bmp)$/

const renderPicture = (asset: GalleryAsset, link: string, source: string, description: string) =>
  html`<a class="stage checkered" href="${link}" ${toAspectRatio(asset)}
    ><img src="${source}" alt="${description}" decoding="sync" ${toSizeAttributes(asset)}
  /></a>`

/** Without a poster, the first frame is shown. Safari needs the fragment for that. */
const renderVideo = (asset: GalleryAsset, link: string, description: string): Markup => {
  const poster = asset.preview === undefined ? undefined : toFileLink(asset.preview)
  const source = poster === undefined ? `${link}#t=0.001` : link
  return html`<div class="stage film" ${toAspectRatio(asset)}>
    <video
      controls
      playsinline
      preload="metadata"
      src="${source}"
      ${poster !== undefined && html`poster="${poster}"`}
      aria-label="${description}"
    ></video>
  </div>`
}

/** Shows a text, in large letters if it is short. Its white space is kept, so the markup must add none. */
export const renderText = (text: string): Markup => {
  const size = text.length <= 160 && html`data-short`
  return html`<blockquote class="stage words" ${size} dir="auto" tabindex="0">${text}</blockquote>`
}

/** The aspect ratio of the picture, limited so that the card keeps a useful shape. */
const toAspectRatio = ({ width, height }: GalleryAsset): Content =>
  isKnown(width) &&
  isKnown(height) &&
  html`style="aspect-ratio:${Math.min(2, Math.max(0.7, width / height)).toFixed(3)}"`

const toSizeAttributes = ({ width, height }: GalleryAsset): Content =>
  isKnown(width) && isKnown(height) && html`width="${width}" height="${height}"`

const isKnown = (side: number | undefined): side is number => side !== undefined && side > 0

const renderDownload = (asset: GalleryAsset, name: string, link: string) =>
  html`<a class="stage download" href="${link}" download="${name}"
    >${renderFileFace(asset, name)}<span>Download</span></a
  >`

const renderTile = (asset: GalleryAsset, name: string) =>
  html`<div class="stage download">${renderFileFace(asset, name)}</div>`

const renderFileFace = (asset: GalleryAsset, name: string): Markup => {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? asset.kind
  return html`<span class="sheet" aria-hidden="true">${extension.toUpperCase()}</span>
    <span>${asset.kind === "3d" ? "3D model" : `${asset.kind} file`}</span>`
}

const formatFacts = (
  { width, height, bytes: length, duration: stated }: GalleryAsset,
  seconds = stated,
): string =>
  [
    isKnown(width) && isKnown(height) ? `${width} × ${height}` : "",
    seconds === undefined ? "" : formatDuration(seconds * 1000),
    formatBytes(length),
  ]
    .filter(Boolean)
    .join(" · ")
