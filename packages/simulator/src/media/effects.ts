import { createRandom } from "../seeded.ts"
import { black, Canvas, type Color, mix, white } from "./Canvas.ts"
import { getDarkest, type Palette } from "./palette.ts"

// Effects that give a scene the look of another endpoint.

const getBrightness = ([red, green, blue]: Color): number => red * 0.299 + green * 0.587 + blue * 0.114

/** Repaints the picture with short brush strokes. */
export const applyBrush = (picture: Canvas, key: string): Canvas => {
  const canvas = new Canvas(picture.width, picture.height)
  canvas.pixels.set(picture.pixels)
  const random = createRandom(`${key}/strokes`)
  const unit = Math.max(4, Math.min(picture.width, picture.height) / 64)
  for (let y = 0; y < picture.height; y += unit * 0.8) {
    for (let x = 0; x < picture.width; x += unit * 0.8) {
      const color = mix(picture.get(x, y), random() < 0.5 ? white : black, random() * 0.14)
      const angle = Math.sin((x / picture.width) * 5 + (y / picture.height) * 4) + random() * 0.6
      drawStroke(
        canvas,
        x + (random() - 0.5) * unit,
        y + (random() - 0.5) * unit,
        angle,
        unit * 1.5,
        unit * 0.42,
        color,
      )
    }
  }
  return canvas
}

const drawStroke = (
  canvas: Canvas,
  x: number,
  y: number,
  angle: number,
  length: number,
  breadth: number,
  color: Color,
): void => {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  for (let down = -length; down <= length; down++) {
    for (let across = -length; across <= length; across++) {
      const along = across * cos + down * sin
      const aside = down * cos - across * sin
      const edge = 1 - (along / length) ** 2 - (aside / breadth) ** 2
      if (edge > 0)
        canvas.blend(Math.round(x + across), Math.round(y + down), color, Math.min(0.85, edge * 2))
    }
  }
}

/** The change of brightness at each pixel, 0..255. */
const findEdges = (picture: Canvas): Uint8ClampedArray => {
  const { width, height, pixels } = picture
  const light = new Float32Array(width * height)
  for (let index = 0; index < light.length; index++) {
    const at = index * 4
    light[index] = (pixels[at] ?? 0) * 0.299 + (pixels[at + 1] ?? 0) * 0.587 + (pixels[at + 2] ?? 0) * 0.114
  }
  const reach = Math.max(1, Math.round(width / 700))
  const edges = new Uint8ClampedArray(width * height)
  for (let y = reach; y < height - reach; y++) {
    for (let x = reach; x < width - reach; x++) {
      const at = y * width + x
      const across = (light[at + reach] ?? 0) - (light[at - reach] ?? 0)
      const down = (light[at + reach * width] ?? 0) - (light[at - reach * width] ?? 0)
      edges[at] = (Math.abs(across) + Math.abs(down)) * 4 - 30
    }
  }
  return edges
}

/** Draws only the outlines. */
export const drawOutlines = (picture: Canvas, ground: Color, line: Color): Canvas => {
  const canvas = new Canvas(picture.width, picture.height)
  const edges = findEdges(picture)
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++)
      canvas.set(x, y, mix(ground, line, (edges[y * canvas.width + x] ?? 0) / 255))
  }
  return canvas
}

/** Shows ControlNet: the guide on the left, and the picture with its outlines on the right. */
export const showGuide = (picture: Canvas, palette: Palette): Canvas => {
  const drawing = drawOutlines(picture, getDarkest(palette), palette.accent)
  const edges = findEdges(picture)
  for (let y = 0; y < picture.height; y++) {
    const border = picture.width * (0.62 - (y / picture.height) * 0.34)
    for (let x = 0; x < picture.width; x++) {
      if (x < border) picture.set(x, y, drawing.get(x, y))
      else {
        const ink = (edges[y * picture.width + x] ?? 0) / 255
        if (ink > 0) picture.blend(x, y, white, ink * 0.75)
      }
      if (Math.abs(x - border) < picture.width / 340) picture.set(x, y, white)
    }
  }
  return picture
}

/** Shows an IP-Adapter: the picture in two colors, with the framed reference in a corner. */
export const showReference = (picture: Canvas, reference: Canvas, palette: Palette): Canvas => {
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const color = picture.get(x, y)
      picture.blend(x, y, mix(getDarkest(palette), palette.accent, getBrightness(color) / 255), 0.55)
    }
  }
  const left = picture.width - reference.width - picture.width * 0.06
  const top = picture.width * 0.06
  const frame = Math.max(2, picture.width * 0.01)
  picture.rectangle(
    left - frame,
    top - frame,
    reference.width + frame * 2,
    reference.height + frame * 2,
    white,
  )
  for (let y = 0; y < reference.height; y++) {
    for (let x = 0; x < reference.width; x++)
      picture.blend(Math.round(left) + x, Math.round(top) + y, reference.get(x, y), 1)
  }
  return picture
}

export const pixelate = (picture: Canvas, squares: number): Canvas => {
  const side = picture.width / squares
  const canvas = new Canvas(picture.width, picture.height)
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const color = picture.get((Math.floor(x / side) + 0.5) * side, (Math.floor(y / side) + 0.5) * side)
      canvas.set(x, y, [
        Math.round(color[0] / 24) * 24,
        Math.round(color[1] / 24) * 24,
        Math.round(color[2] / 24) * 24,
      ])
    }
  }
  return canvas
}
