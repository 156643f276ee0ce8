import { hashText } from "../seeded.ts"

const size = 256

/** Smooth noise of about 0..1, which is the same for the same text. It repeats after `period` units, at most 256. */
export class Noise {
  readonly #values = new Float64Array(size * 2)

  constructor(text: string) {
    for (let index = 0; index < this.#values.length; index++)
      this.#values[index] = hashText(`${text}/${index}`) / 4294967296
  }

  #value(index: number): number {
    return this.#values[index & (size * 2 - 1)] ?? 0
  }

  line(x: number, period = size): number {
    const left = Math.floor(x)
    const share = x - left
    const smoothstep = share * share * (3 - 2 * share)
    const from = this.#value(wrap(left, period))
    return from + (this.#value(wrap(left + 1, period)) - from) * smoothstep
  }

  /** A sum of several octaves. */
  ridge(x: number, octaves: number, period = size): number {
    let sum = 0
    let weight = 0.5
    for (let octave = 0, scale = 1; octave < octaves; octave++, scale *= 2) {
      sum += weight * this.line(x * scale + (period === size ? octave * 37.3 : 0), period * scale)
      weight /= 2
    }
    return sum
  }

  plane(x: number, y: number, period = 64): number {
    const left = Math.floor(x)
    const top = Math.floor(y)
    const shareX = x - left
    const shareY = y - top
    const smoothX = shareX * shareX * (3 - 2 * shareX)
    const smoothY = shareY * shareY * (3 - 2 * shareY)
    const at = (column: number, row: number) =>
      this.#value(wrap(column, period) * 7 + wrap(row, period) * 57 + ((column ^ row) & 1))
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * smoothX
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * smoothX
    return upper + (lower - upper) * smoothY
  }
}

const wrap = (index: number, period: number): number => ((index % period) + period) % period
