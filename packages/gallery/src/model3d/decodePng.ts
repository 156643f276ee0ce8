import { inflateSync } from "node:zlib"
import type { Pixels } from "./Model3d.ts"

/** The number of channels by the color type. */
const channelsByType: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
])

/** Decodes a PNG. Returns `undefined` for other formats, too many pixels, interlaced files, and less than 8 bits. */
export const decodePng = (file: Uint8Array, maxPixels: number): Pixels | undefined => {
  if (file[0] !== 0x89 || file[1] !== 0x50 || file[2] !== 0x4e || file[3] !== 0x47) return undefined
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const depth = view.getUint8(24)
  const type = view.getUint8(25)
  const channels = channelsByType.get(type)
  const isReadable = (depth === 8 || (depth === 16 && type !== 3)) && view.getUint8(28) === 0
  if (channels === undefined || !isReadable || width * height > maxPixels) return undefined

  const chunks = getChunks(file, view)
  const bytesAPixel = (channels * depth) / 8
  const rows = inflateSync(Buffer.concat(chunks.get("IDAT") ?? []), {
    maxOutputLength: (width * bytesAPixel + 1) * height,
  })
  unfilter(rows, width * bytesAPixel, bytesAPixel)

  const palette = chunks.get("PLTE")?.[0]
  const alphas = chunks.get("tRNS")?.[0]
  const data = new Uint8Array(width * height * 4)
  // Of 16 bits, only the upper eight are used.
  const step = depth / 8
  const isGray = channels < 3
  const alphaAt = channels === 2 || channels === 4 ? (channels - 1) * step : undefined
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = Math.floor(pixel / width) * (width * bytesAPixel + 1) + 1 + (pixel % width) * bytesAPixel
    const first = rows[from] ?? 0
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * 4 + channel] =
        palette === undefined
          ? (rows[isGray ? from : from + channel * step] ?? 0)
          : (palette[first * 3 + channel] ?? 0)
    }
    data[pixel * 4 + 3] =
      alphaAt === undefined ? (type === 3 ? (alphas?.[first] ?? 255) : 255) : (rows[from + alphaAt] ?? 255)
  }
  return { width, height, data }
}

const getChunks = (file: Uint8Array, view: DataView): ReadonlyMap<string, ReadonlyArray<Uint8Array>> => {
  const chunks = new Map<string, Array<Uint8Array>>()
  for (let at = 8; at + 12 <= file.length;) {
    const length = view.getUint32(at)
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8))
    chunks.set(name, [...(chunks.get(name) ?? []), file.subarray(at + 8, at + 8 + length)])
    at += length + 12
  }
  return chunks
}

/** Reverses the filter of each row, which stores differences to the bytes before and above. */
const unfilter = (rows: Uint8Array, rowLength: number, step: number): void => {
  for (let row = 0; row < rows.length; row += rowLength + 1) {
    const filter = rows[row]
    for (let at = row + 1; at <= row + rowLength; at++) {
      const isFirst = at - row <= step
      const left = isFirst ? 0 : (rows[at - step] ?? 0)
      const above = row === 0 ? 0 : (rows[at - rowLength - 1] ?? 0)
      const corner = row === 0 || isFirst ? 0 : (rows[at - rowLength - 1 - step] ?? 0)
      rows[at] = (rows[at] ?? 0) + predict(filter, left, above, corner)
    }
  }
}

const predict = (filter: number | undefined, left: number, above: number, corner: number): number => {
  switch (filter) {
    case 1:
      return left
    case 2:
      return above
    case 3:
      return (left + above) >> 1
    case 4: {
      const guess = left + above - corner
      const [toLeft, toAbove, toCorner] = [
        Math.abs(guess - left),
        Math.abs(guess - above),
        Math.abs(guess - corner),
      ]
      if (toLeft <= toAbove && toLeft <= toCorner) return left
      return toAbove <= toCorner ? above : corner
    }
    default:
      return 0
  }
}
