import { fileLink, fileName } from "./fileLink.ts"
import type { GalleryAsset } from "./Gallery.ts"
import { html, type Markup } from "./html.ts"
import { bytes } from "./quantities.ts"

/** One file of a job: seen, heard or read where a browser can, and offered for download where it cannot. */
export function assetTile(asset: GalleryAsset, description: string): Markup {
  const name = fileName(asset.file)
  const link = fileLink(asset.file)
  return html`<figure class="asset">
    ${link === undefined ? fileTile(asset, name) : preview(asset, name, link, asset.alt ?? description)}
    <figcaption>
      <bdi class="file">${link === undefined ? name : html`<a href="${link}">${name}</a>`}</bdi>
      <span class="facts">${facts(asset)}</span>
    </figcaption>
  </figure>`
}

function preview(asset: GalleryAsset, name: string, link: string, description: string): Markup {
  if (shownByBrowsers.test(asset.mimeType)) return picture(asset, link, description)
  if (asset.mimeType.startsWith("audio/")) {
    return html`<div class="stage sound">
      ${wave}<audio controls preload="metadata" src="${link}" aria-label="${description}"></audio>
    </div>`
  }
  if (asset.mimeType.startsWith("video/")) {
    return html`<div class="stage">
      <video controls preload="metadata" src="${link}" aria-label="${description}"></video>
    </div>`
  }
  if (asset.text !== undefined)
    return html`<blockquote class="stage words" dir="auto" tabindex="0">${asset.text}</blockquote>`
  return html`<a class="stage download" href="${link}" download="${name}"
    >${fileFace(asset, name)}<span>Download</span></a
  >`
}

/** Formats that an `<img>` shows in every browser; a TIFF or an HDR would be a broken picture. */
const shownByBrowsers = /^image\/(png|jpeg|webp|gif|avif|svg\+xml|bmp)$/

const picture = (asset: GalleryAsset, link: string, description: string) =>
  html`<a class="stage checkered" href="${link}" ${shape(asset)}
    ><img src="${link}" alt="${description}" decoding="sync" ${size(asset)}
  /></a>`

/** The picture's own shape, within what still looks like a card. */
const shape = ({ width, height }: GalleryAsset) =>
  width !== undefined &&
  height !== undefined &&
  html`style="aspect-ratio:${Math.min(2, Math.max(0.7, width / height)).toFixed(3)}"`

const size = ({ width, height }: GalleryAsset) =>
  width !== undefined && height !== undefined && html`width="${width}" height="${height}"`

const fileTile = (asset: GalleryAsset, name: string) =>
  html`<div class="stage download">${fileFace(asset, name)}</div>`

function fileFace(asset: GalleryAsset, name: string): Markup {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? asset.kind
  return html`<span class="sheet" aria-hidden="true">${extension.toUpperCase()}</span>
    <span>${asset.kind === "3d" ? "3D model" : `${asset.kind} file`}</span>`
}

/** Sound has no picture: a still of a wave stands for it. */
const wave = html`<svg class="wave" viewBox="0 0 96 32" aria-hidden="true">
  ${[6, 14, 9, 22, 30, 18, 26, 12, 20, 8, 16, 5].map(
    (height, index) =>
      html`<rect x="${index * 8 + 2}" y="${(32 - height) / 2}" width="4" height="${height}" rx="2" />`,
  )}
</svg>`

const facts = ({ width, height, bytes: length }: GalleryAsset) =>
  [width !== undefined && height !== undefined ? `${width} × ${height}` : "", bytes(length)]
    .filter(Boolean)
    .join(" · ")
