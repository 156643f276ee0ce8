import { hashText } from "../seeded.ts"
import type { AssetSpec } from "./AssetSpec.ts"
import { Canvas, type Color, black, white } from "./Canvas.ts"
import { caption } from "./caption.ts"
import { adapted, brushed, guided, lineArt, pixelated } from "./effects.ts"
import { type Palette, choosePalette } from "./palette.ts"
import type { Bitmap } from "./png.ts"
import { ridges, sceneFor } from "./scenes.ts"
import { gem, mesh, studio } from "./solids.ts"
import { tiles } from "./tiles.ts"

interface Size {
  readonly width: number
  readonly height: number
}

/** The picture of a spec, with its caption; larger or smaller than its own size where that is asked for. */
export const paint = (spec: AssetSpec, size: Size = spec): Bitmap => letter(paintBare(spec, size), spec)

/** The picture without a caption. */
export const paintBare = (spec: AssetSpec, { width, height }: Size): Canvas =>
  unlettered({ ...spec, width, height }, paletteFor(spec))

/** Writes the caption of a spec on a picture. */
const letter = (canvas: Canvas, spec: AssetSpec): Canvas => {
  caption(canvas, spec, paletteFor(spec))
  return canvas
}

const paletteFor = (spec: AssetSpec): Palette => choosePalette(spec.prompt, hashText(spec.seed) % 4)

const unlettered = (spec: AssetSpec, palette: Palette): Canvas => {
  const key = `${spec.prompt}/${spec.seed}`
  const canvas = new Canvas(spec.width, spec.height)
  if (spec.kind === "3d") {
    mesh(canvas, palette, key)
    return canvas
  }
  switch (spec.style) {
    case "texture":
      tiles(canvas, palette, key, spec.label)
      return canvas
    case "cut-out":
      gem(canvas, palette, key)
      return canvas
    case "product":
      studio(canvas, palette, key)
      return canvas
    case "plain":
      canvas.rectangle(0, 0, canvas.width, canvas.height, palette.accent)
      return canvas
    case "panorama":
      ridges({ canvas, palette, key })
      return canvas
    case "scene":
    case "vector":
    case "painting":
    case "controlnet":
    case "adapter":
    case "pixels":
    case "line-art":
      return overScene(spec, palette, canvas, key)
  }
}

const overScene = (spec: AssetSpec, palette: Palette, canvas: Canvas, key: string): Canvas => {
  sceneFor(spec.prompt, hashText(`scene/${spec.prompt}`))({ canvas, palette, key })
  switch (spec.style) {
    case "painting":
      return brushed(canvas, key)
    case "controlnet":
      return guided(canvas, palette)
    case "adapter":
      return adapted(canvas, paintReference(spec, palette), palette)
    case "pixels":
      return pixelated(canvas, 64)
    case "line-art":
      return lineArt(canvas, black, white)
    default:
      return canvas
  }
}

/** The picture that an IP-Adapter looked at, small. */
const paintReference = (spec: AssetSpec, palette: Palette): Canvas => {
  const side = Math.max(16, Math.round(Math.min(spec.width, spec.height) * 0.26))
  const reference = new Canvas(side, side)
  studio(reference, palette, `reference/${spec.prompt}`)
  return reference
}

/** The one colour of a plain picture. */
export const colorFor = (spec: AssetSpec): Color => paletteFor(spec).accent
