import type { Bitmap } from "./png.ts"

/** Red, green and blue, 0..255. */
export type Color = readonly [red: number, green: number, blue: number]

export const mix = (from: Color, to: Color, share: number): Color => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
]

export const black: Color = [0, 0, 0]
export const white: Color = [255, 255, 255]

/** A picture to paint on. Coordinates are in pixels, and anything outside is ignored. */
export class Canvas implements Bitmap {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8ClampedArray

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.pixels = new Uint8ClampedArray(width * height * 4)
  }

  set(x: number, y: number, color: Color): void {
    const at = (y * this.width + x) * 4
    this.pixels[at] = color[0]
    this.pixels[at + 1] = color[1]
    this.pixels[at + 2] = color[2]
    this.pixels[at + 3] = 255
  }

  get(x: number, y: number): Color {
    const at = (this.#clampY(y) * this.width + this.#clampX(x)) * 4
    return [this.pixels[at] ?? 0, this.pixels[at + 1] ?? 0, this.pixels[at + 2] ?? 0]
  }

  #clampX(x: number): number {
    return x < 0 ? 0 : x >= this.width ? this.width - 1 : x | 0
  }

  #clampY(y: number): number {
    return y < 0 ? 0 : y >= this.height ? this.height - 1 : y | 0
  }

  /** Blends a color over a pixel with a strength of 0..1. */
  blend(x: number, y: number, color: Color, strength: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || strength <= 0) return
    const at = (y * this.width + x) * 4
    const under = 1 - strength
    const { pixels } = this
    pixels[at] = (pixels[at] ?? 0) * under + color[0] * strength
    pixels[at + 1] = (pixels[at + 1] ?? 0) * under + color[1] * strength
    pixels[at + 2] = (pixels[at + 2] ?? 0) * under + color[2] * strength
    pixels[at + 3] = Math.max(pixels[at + 3] ?? 0, strength * 255)
  }

  /** Paints a round spot. Its strength depends on the distance from its center, 0..1. */
  spot(
    centerX: number,
    centerY: number,
    radius: number,
    color: Color,
    strengthAt: (distance: number) => number,
  ): void {
    const top = Math.max(0, Math.floor(centerY - radius))
    const bottom = Math.min(this.height - 1, Math.ceil(centerY + radius))
    for (let y = top; y <= bottom; y++) {
      const half = Math.sqrt(Math.max(0, radius * radius - (y - centerY) ** 2))
      const left = Math.max(0, Math.floor(centerX - half))
      const right = Math.min(this.width - 1, Math.ceil(centerX + half))
      for (let x = left; x <= right; x++) {
        const distance = Math.hypot(x - centerX, y - centerY) / radius
        if (distance < 1) this.blend(x, y, color, strengthAt(distance))
      }
    }
  }

  /** Paints a disc with a soft edge of one pixel. */
  disc(centerX: number, centerY: number, radius: number, color: Color, strength = 1): void {
    this.spot(
      centerX,
      centerY,
      radius + 1,
      color,
      (distance) => strength * Math.min(1, (radius + 1) * (1 - distance)),
    )
  }

  rectangle(left: number, top: number, width: number, height: number, color: Color, strength = 1): void {
    const bottom = Math.min(this.height, Math.round(top + height))
    const right = Math.min(this.width, Math.round(left + width))
    for (let y = Math.max(0, Math.round(top)); y < bottom; y++) {
      for (let x = Math.max(0, Math.round(left)); x < right; x++) this.blend(x, y, color, strength)
    }
  }
}
