import { hashText } from "../seeded.ts"
import type { AssetSpec } from "./AssetSpec.ts"

const width = 64
const height = 32

const attribute = (name: string, type: string, value: Buffer): Buffer => {
  const size = Buffer.alloc(4)
  size.writeInt32LE(value.length)
  return Buffer.concat([Buffer.from(`${name}\0${type}\0`), size, value])
}

const numbers = (write: (buffer: Buffer) => void, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes)
  write(buffer)
  return buffer
}

const box = numbers((buffer) => {
  buffer.writeInt32LE(width - 1, 8)
  buffer.writeInt32LE(height - 1, 12)
}, 16)

/** One channel of 32-bit floats, sampled at each pixel. */
const channel = (name: string): Buffer =>
  Buffer.concat([
    Buffer.from(`${name}\0`),
    numbers((buffer) => {
      buffer.writeInt32LE(2, 0)
      buffer.writeInt32LE(1, 8)
      buffer.writeInt32LE(1, 12)
    }, 16),
  ])

/** A small uncompressed OpenEXR sky with a sun that is brighter than white. The prompt decides its hue. */
export const makeExr = (spec: AssetSpec): Buffer => {
  const one = numbers((buffer) => buffer.writeFloatLE(1), 4)
  const header = Buffer.concat([
    Buffer.from([0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0]),
    attribute(
      "channels",
      "chlist",
      Buffer.concat([channel("B"), channel("G"), channel("R"), Buffer.from([0])]),
    ),
    attribute("compression", "compression", Buffer.from([0])),
    attribute("dataWindow", "box2i", box),
    attribute("displayWindow", "box2i", box),
    attribute("lineOrder", "lineOrder", Buffer.from([0])),
    attribute("pixelAspectRatio", "float", one),
    attribute("screenWindowCenter", "v2f", Buffer.alloc(8)),
    attribute("screenWindowWidth", "float", one),
    Buffer.from([0]),
  ])
  const lineBytes = 8 + width * 3 * 4
  const offsets = Buffer.alloc(height * 8)
  const lines: Array<Buffer> = []
  for (let y = 0; y < height; y++) {
    offsets.writeBigUInt64LE(BigInt(header.length + offsets.length + y * lineBytes), y * 8)
    lines.push(encodeLine(y, (hashText(spec.prompt) % 1000) / 1000))
  }
  return Buffer.concat([header, offsets, ...lines])
}

const encodeLine = (y: number, hue: number): Buffer => {
  const line = Buffer.alloc(8 + width * 3 * 4)
  line.writeInt32LE(y, 0)
  line.writeInt32LE(width * 3 * 4, 4)
  for (let x = 0; x < width; x++) {
    const distance = Math.hypot(x - width * hue, y - height * 0.35)
    const drawSun = 40 * Math.exp(-distance * distance * 0.3)
    const drawSky = 1 - y / height
    for (const [index, strength] of [0.4 + drawSky, 0.3 + 0.6 * drawSky, 0.3 + 0.4 * hue].entries()) {
      line.writeFloatLE(strength + drawSun, 8 + (index * width + x) * 4)
    }
  }
  return line
}
