import { hashText } from "../seeded.ts"
import { black, type Canvas, type Color, mix, white } from "./Canvas.ts"
import { Noise } from "./noise.ts"
import { getDarkest, getGradientColor, type Palette } from "./palette.ts"

/** The height of the material at a point of its tile, 0..1, and the number of the piece there. */
type Relief = (u: number, v: number) => { readonly height: number; readonly piece: number }

const bricks: Relief = (u, v) => {
  const row = Math.floor(v * 8)
  const across = u * 4 + (row % 2) * 0.5
  const inX = across - Math.floor(across)
  const inY = v * 8 - row
  const border = Math.min(inX * 2, (1 - inX) * 2, inY, 1 - inY)
  return { height: Math.min(1, border * 7), piece: ((Math.floor(across) % 4) * 8 + row) * 13 }
}

const scales: Relief = (u, v) => {
  let best = { height: 0, piece: 0 }
  const row = Math.floor(v * 8)
  for (let above = row + 1; above >= row - 1; above--) {
    const shift = (((above % 2) + 2) % 2) * 0.5
    const column = Math.round(u * 8 - shift)
    const distance = Math.hypot(u * 8 - shift - column, v * 8 - above)
    const wrapped = ((column % 8) + 8) % 8
    if (distance < 0.98)
      best = { height: 0.25 + 0.75 * (1 - distance), piece: (wrapped * 8 + (((above % 8) + 8) % 8)) * 7 }
    if (distance < 0.98) break
  }
  return best
}

const weave: Relief = (u, v) => {
  const x = u * 8
  const y = v * 8
  const isOver = (Math.floor(x) + Math.floor(y)) % 2 === 0
  const along = isOver ? x - Math.floor(x) : y - Math.floor(y)
  const aside = isOver ? y - Math.floor(y) : x - Math.floor(x)
  return {
    height: (0.3 + 0.7 * Math.sin(along * Math.PI)) * Math.sqrt(Math.max(0, 1 - (2 * aside - 1) ** 2)),
    piece: isOver ? 3 : 11,
  }
}

const reliefs = [bricks, scales, weave]

/** The side of a tile. Pixels. */
const tileSide = 256

/** Draws a seamless material. The label says which of its maps. */
export const drawTiles = (canvas: Canvas, palette: Palette, key: string, label: string): void => {
  const relief = reliefs[hashText(`relief/${key}`) % reliefs.length] ?? bricks
  const noise = new Noise(key)
  const roughness = (u: number, v: number) =>
    noise.plane(u * 16, v * 16, 16) * 0.6 + noise.plane(u * 32, v * 32, 32) * 0.4
  const heightAt = (u: number, v: number) =>
    relief(u - Math.floor(u), v - Math.floor(v)).height * 0.8 + roughness(u, v) * 0.2
  const tile: Array<Color> = []
  for (let y = 0; y < tileSide; y++) {
    for (let x = 0; x < tileSide; x++) {
      const u = x / tileSide
      const v = y / tileSide
      const height = heightAt(u, v)
      const slopeX = heightAt(u + 1 / tileSide, v) - height
      const slopeY = heightAt(u, v + 1 / tileSide) - height
      const { piece } = relief(u, v)
      tile.push(
        getMapColor(label, palette, {
          height,
          slopeX,
          slopeY,
          rough: roughness(u, v),
          tint: (hashText(`${piece}`) % 100) / 100,
        }),
      )
    }
  }
  const side = Math.max(32, Math.min(canvas.width, canvas.height) / 2)
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const column = Math.floor((x / side) * tileSide) % tileSide
      const row = Math.floor((y / side) * tileSide) % tileSide
      canvas.set(x, y, tile[row * tileSide + column] ?? black)
    }
  }
}

interface Surface {
  readonly height: number
  readonly slopeX: number
  readonly slopeY: number
  readonly rough: number
  readonly tint: number
}

const getMapColor = (label: string, palette: Palette, getDistance: Surface): Color => {
  const { height, slopeX, slopeY, rough, tint } = getDistance
  switch (label.replace("texture-", "")) {
    case "normal":
      return [127 - slopeX * 900, 127 + slopeY * 900, 235]
    case "height":
      return mix(black, white, height)
    case "smoothness":
      return mix(black, white, 0.25 + (1 - rough) * 0.5 * height)
    case "metallic":
      return mix(black, white, tint > 0.6 ? 0.9 * height : 0.06)
    case "ao":
      return mix(black, white, Math.min(1, 0.35 + height))
    case "edge":
      return mix(black, white, Math.min(1, (Math.abs(slopeX) + Math.abs(slopeY)) * 9))
    default: {
      const base = mix(getGradientColor(palette, 0.25 + tint * 0.6), getDarkest(palette), 0.75 * (1 - height))
      const light = Math.max(-0.5, Math.min(0.5, (-slopeX - slopeY) * 3))
      return light > 0 ? mix(base, white, light) : mix(base, black, -light)
    }
  }
}
