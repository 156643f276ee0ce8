import { decode } from "jpeg-js"
import { decodePng } from "./decodePng.ts"
import type { Pixels } from "./Model3d.ts"

/** Larger textures only take time and flicker, because the views are smaller. */
const maxSide = 1024
const maxMegapixels = 70

/** Decodes a PNG or JPEG and shrinks it to `maxSide`. Returns `undefined` for other formats, such as WebP. */
export const decodeTexture = (file: Uint8Array): Pixels | undefined => {
  const pixels = isJpeg(file)
    ? decode(file, { useTArray: true, maxResolutionInMP: maxMegapixels, maxMemoryUsageInMB: 1024 })
    : decodePng(file, maxMegapixels * 1e6)
  if (pixels === undefined) return undefined
  let shrunk: Pixels = pixels
  while (shrunk.width > maxSide || shrunk.height > maxSide) shrunk = halve(shrunk)
  return shrunk
}

const isJpeg = (file: Uint8Array): boolean => file[0] === 0xff && file[1] === 0xd8

/** Halves width and height. Each pixel is the mean of four. */
const halve = ({ width, height, data }: Pixels): Pixels => {
  const half = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) }
  const shrunk = new Uint8Array(half.width * half.height * 4)
  const right = width > 1 ? 4 : 0
  const below = height > 1 ? width * 4 : 0
  for (let y = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++) {
      for (let channel = 0; channel < 4; channel++) {
        const at = (y * 2 * width + x * 2) * 4 + channel
        const sum =
          (data[at] ?? 0) +
          (data[at + right] ?? 0) +
          (data[at + below] ?? 0) +
          (data[at + right + below] ?? 0)
        shrunk[(y * half.width + x) * 4 + channel] = sum >> 2
      }
    }
  }
  return { ...half, data: shrunk }
}
