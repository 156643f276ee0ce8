import { crc32, deflateSync } from "node:zlib"

/** Rows of pixels from the top, with 4 bytes per pixel: red, green, blue, and opacity. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8ClampedArray
}

/** Encodes a PNG with 8 bits per channel. Each row is stored as the difference to the row above. */
export const encodePng = ({ width, height, pixels }: Bitmap): Buffer => {
  const isOpaque = everyPixelIsOpaque(pixels)
  const channels = isOpaque ? 3 : 4
  const stride = width * channels
  const rows = Buffer.alloc((stride + 1) * height)
  for (let y = 0; y < height; y++) {
    const to = y * (stride + 1)
    rows[to] = y === 0 ? 0 : 2
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        const from = (y * width + x) * 4 + channel
        const above = y === 0 ? 0 : (pixels[from - width * 4] ?? 0)
        rows[to + 1 + x * channels + channel] = ((pixels[from] ?? 0) - above) & 0xff
      }
    }
  }
  return assemble(width, height, isOpaque ? 2 : 6, deflateSync(rows, { level: 2 }))
}

/** Encodes a PNG of a single color, quickly for any size. */
export const encodePlainPng = (
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): Buffer => {
  const color = Buffer.from([Math.round(red), Math.round(green), Math.round(blue)])
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let x = 0; x < width; x++) color.copy(rows, 1 + x * 3)
  // All other rows equal the row above.
  for (let y = 1; y < height; y++) rows[y * (width * 3 + 1)] = 2
  return assemble(width, height, 2, deflateSync(rows, { level: 1 }))
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** `colorType` is 2 with three channels, 6 with four. */
const assemble = (width: number, height: number, colorType: number, data: Buffer): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  header[9] = colorType
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

const everyPixelIsOpaque = (pixels: Uint8ClampedArray): boolean => {
  for (let index = 3; index < pixels.length; index += 4) if (pixels[index] !== 255) return false
  return true
}
