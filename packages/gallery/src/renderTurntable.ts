import { html, type Markup } from "./html.ts"
import { readModel } from "./model3d/readModel.ts"
import { renderViews, viewCount, viewSize } from "./model3d/renderViews.ts"

/**
 * A 3D model that the reader can turn. Its views are drawn when the page is written, because a page from a file can't read other files.
 * Styles switch between them, because the page has no script: the pointer selects a view by its position, and the arrow keys select
 * the next radio button. Returns `undefined` if the file can't be drawn.
 */
export const renderTurntable = (file: Uint8Array, description: string, group: string): Markup | undefined => {
  const model = readModel(file)
  if (model === undefined) return undefined
  const views = Buffer.from(renderViews(model)).toString("base64")
  return html`<div class="stage turntable" role="radiogroup" aria-label="Turn the 3D model: ${description}">
    <img
      src="data:image/jpeg;base64,${views}"
      alt="${description}"
      width="${viewSize.width}"
      height="${viewSize.height * viewCount}"
    />
    <span class="turn-hint" aria-hidden="true">↻ 360°</span>
    <div class="angles">${Array.from({ length: viewCount }, (_, view) => renderAngle(view, group))}</div>
  </div>`
}

const renderAngle = (view: number, group: string): Markup => {
  const degrees = Math.round(((view - viewCount / 2) * 360) / viewCount)
  return html`<label
    ><input type="radio" name="${group}" aria-label="${degrees}°" ${view === viewCount / 2 && html`checked`}
  /></label>`
}

/** The styles that show a view for each angle, in the given state. */
const selectViews = (state: string): string =>
  Array.from(
    { length: viewCount },
    (_, view) => `.turntable:has(label:nth-child(${view + 1})${state}) { --view: ${view}; }`,
  ).join("\n")

export const turntableStyles = `
.turntable { --view: ${viewCount / 2}; position: relative; aspect-ratio: ${viewSize.width}/${viewSize.height}; display: block; touch-action: pan-y; }
.turntable img { display: block; width: 100%; height: auto; transform: translateY(calc(var(--view) * ${(-100 / viewCount).toFixed(6)}%)); }
${selectViews(" > :checked")}
${selectViews(":hover")}
.turntable:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
.angles { position: absolute; inset: 0; display: flex; padding: 0 4%; }
.angles label { display: flex; flex: 1; align-items: end; justify-content: center; padding-bottom: .6rem; cursor: ew-resize; }
.angles input { appearance: none; width: 3px; height: .5rem; margin: 0; border-radius: 2px; background: rgb(255 255 255 / .45); outline: none; transition: height .12s; }
.angles input:checked { height: .95rem; background: #fff; }
.angles label:hover input { height: .95rem; background: #fff; }
.angles:hover label:not(:hover) input:checked { height: .5rem; }
.turn-hint { position: absolute; top: .6rem; right: .65rem; padding: .1rem .55rem; border-radius: 99px; background: rgb(0 0 0 / .45); color: #fff; font-size: .75rem; letter-spacing: .02em; }
`
