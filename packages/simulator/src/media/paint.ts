import { hashText } from "../seeded.ts"
import type { AssetSpec } from "./AssetSpec.ts"
import { Canvas, type Color, black, white } from "./Canvas.ts"
import { drawCaption } from "./drawCaption.ts"
import { showReference, applyBrush, showGuide, drawOutlines, pixelate } from "./effects.ts"
import { type Palette, choosePalette } from "./palette.ts"
import type { Bitmap } from "./png.ts"
import { drawRidges, chooseScene } from "./scenes.ts"
import { drawGem, drawMesh, drawStudio } from "./solids.ts"
import { drawTiles } from "./tiles.ts"

interface Size {
  readonly width: number
  readonly height: number
}

/** Paints the picture of a spec with its caption, in its own size or another one. */
export const paint = (spec: AssetSpec, size: Size = spec): Bitmap => addCaption(paintBare(spec, size), spec)

/** Paints the picture without a caption. */
export const paintBare = (spec: AssetSpec, { width, height }: Size): Canvas =>
  paintStyle({ ...spec, width, height }, getPalette(spec))

const addCaption = (canvas: Canvas, spec: AssetSpec): Canvas => {
  drawCaption(canvas, spec, getPalette(spec))
  return canvas
}

const getPalette = (spec: AssetSpec): Palette => choosePalette(spec.prompt, hashText(spec.seed) % 4)

const paintStyle = (spec: AssetSpec, palette: Palette): Canvas => {
  const key = `${spec.prompt}/${spec.seed}`
  const canvas = new Canvas(spec.width, spec.height)
  if (spec.kind === "3d") {
    drawMesh(canvas, palette, key)
    return canvas
  }
  switch (spec.style) {
    case "texture":
      drawTiles(canvas, palette, key, spec.label)
      return canvas
    case "cut-out":
      drawGem(canvas, palette, key)
      return canvas
    case "product":
      drawStudio(canvas, palette, key)
      return canvas
    case "plain":
      canvas.rectangle(0, 0, canvas.width, canvas.height, palette.accent)
      return canvas
    case "panorama":
      drawRidges({ canvas, palette, key })
      return canvas
    case "scene":
    case "vector":
    case "painting":
    case "controlnet":
    case "adapter":
    case "pixels":
    case "line-art":
      return paintScene(spec, palette, canvas, key)
  }
}

const paintScene = (spec: AssetSpec, palette: Palette, canvas: Canvas, key: string): Canvas => {
  chooseScene(spec.prompt, hashText(`scene/${spec.prompt}`))({ canvas, palette, key })
  switch (spec.style) {
    case "painting":
      return applyBrush(canvas, key)
    case "controlnet":
      return showGuide(canvas, palette)
    case "adapter":
      return showReference(canvas, paintReference(spec, palette), palette)
    case "pixels":
      return pixelate(canvas, 64)
    case "line-art":
      return drawOutlines(canvas, black, white)
    default:
      return canvas
  }
}

/** The small reference picture of an IP-Adapter. */
const paintReference = (spec: AssetSpec, palette: Palette): Canvas => {
  const side = Math.max(16, Math.round(Math.min(spec.width, spec.height) * 0.26))
  const reference = new Canvas(side, side)
  drawStudio(reference, palette, `reference/${spec.prompt}`)
  return reference
}

/** The color of a plain picture. */
export const getPlainColor = (spec: AssetSpec): Color => getPalette(spec).accent
