import type { AssetSpec } from "./AssetSpec.ts"
import { Canvas } from "./Canvas.ts"
import { pannedUnit, pictureParameters, pictureUnit, sequenceParameters } from "./h264.ts"
import { paintBare } from "./paint.ts"

/** Multiples of 16, the size of a macroblock. */
export const videoSize = { width: 512, height: 288 } as const
export const framesPerSecond = 24
export const videoFrames = 96

/** How far the camera moves to the right per frame. Pixels. */
const shift = 2

const box = (type: string, ...parts: ReadonlyArray<Buffer>): Buffer => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8, 0)
  head.write(type, 4, "latin1")
  return Buffer.concat([head, body])
}

const words = (...values: ReadonlyArray<number>): Buffer => {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, index * 4)
  return buffer
}

const shorts = (...values: ReadonlyArray<number>): Buffer => {
  const buffer = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) buffer.writeUInt16BE(value, index * 2)
  return buffer
}

const unity = words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

/** A video of four seconds that moves across a painted picture. */
export const makeMp4 = (spec: AssetSpec): Buffer => {
  const { width, height } = videoSize
  const wide = paintBare(spec, { width: width + videoFrames * shift, height })
  const samples = Array.from({ length: videoFrames }, (_, frame) => {
    const view = window(wide, frame * shift)
    const picture = frame === 0 ? pictureUnit(view) : pannedUnit(view, frame, shift)
    return Buffer.concat([words(picture.length), picture])
  })
  const start = box("ftyp", Buffer.from("isom"), words(512), Buffer.from("isomavc1mp41"))
  const sizes = samples.map((sample) => sample.length)
  const movie = (offset: number) => movieBox(sizes, offset, spec)
  const dataOffset = start.length + movie(0).length + 8
  return Buffer.concat([start, movie(dataOffset), box("mdat", ...samples)])
}

const window = (wide: Canvas, left: number): Canvas => {
  const { width, height } = videoSize
  const picture = new Canvas(width, height)
  for (let y = 0; y < height; y++) {
    const from = (y * wide.width + left) * 4
    picture.pixels.set(wide.pixels.subarray(from, from + width * 4), y * width * 4)
  }
  return picture
}

const movieBox = (sizes: ReadonlyArray<number>, dataOffset: number, spec: AssetSpec): Buffer => {
  const { width, height } = videoSize
  const frames = sizes.length
  const timescale = framesPerSecond
  const sps = sequenceParameters(width, height)
  const pps = pictureParameters()
  const config = box(
    "avcC",
    Buffer.from([1, 66, 0xc0, 30, 0xff, 0xe1]),
    shorts(sps.length),
    sps,
    Buffer.from([1]),
    shorts(pps.length),
    pps,
  )
  const entry = box(
    "avc1",
    words(0),
    shorts(0, 1),
    Buffer.alloc(16),
    shorts(width, height),
    words(0x480000, 0x480000, 0),
    shorts(1),
    Buffer.alloc(32),
    shorts(24, 0xffff),
    config,
  )
  const table = box(
    "stbl",
    box("stsd", words(0, 1), entry),
    box("stts", words(0, 1, frames, 1)),
    box("stss", words(0, 1, 1)), // only the first frame is independent
    box("stsc", words(0, 1, 1, frames, 1)),
    box("stsz", words(0, 0, frames, ...sizes)),
    box("stco", words(0, 1, dataOffset)),
  )
  const information = box(
    "minf",
    box("vmhd", words(1, 0, 0)),
    box("dinf", box("dref", words(0, 1), box("url ", words(1)))),
    table,
  )
  const media = box(
    "mdia",
    box("mdhd", words(0, 0, 0, timescale, frames), shorts(0x55c4, 0)),
    box("hdlr", words(0, 0), Buffer.from("vide"), words(0, 0, 0), Buffer.from("simulated video\0")),
    information,
  )
  const track = box(
    "trak",
    box("tkhd", words(7, 0, 0, 1, 0, frames, 0, 0, 0, 0), unity, words(width << 16, height << 16)),
    media,
  )
  const title = box("udta", box("name", Buffer.from(`Simulated, made of the prompt: ${spec.prompt}`)))
  const head = box(
    "mvhd",
    words(0, 0, 0, timescale, frames, 0x10000),
    shorts(0x100, 0),
    words(0, 0),
    unity,
    words(0, 0, 0, 0, 0, 0, 2),
  )
  return box("moov", head, track, title)
}
