import type { Bitmap } from "./png.ts"

// H.264 baseline without compression: a macroblock is either raw samples (I_PCM) or a copy from the previous picture. This keeps the
// encoder short, and any player can read it.

class BitWriter {
  readonly #bytes: Array<number> = []
  #current = 0
  #filled = 0

  bits(value: number, count: number): void {
    for (let index = count - 1; index >= 0; index--) {
      this.#current = (this.#current << 1) | ((value >> index) & 1)
      if (++this.#filled === 8) {
        this.#bytes.push(this.#current)
        this.#current = 0
        this.#filled = 0
      }
    }
  }

  /** Exp-Golomb: ue(v) in the standard. */
  unsigned(value: number): void {
    const length = Math.floor(Math.log2(value + 1))
    this.bits(0, length)
    this.bits(value + 1, length + 1)
  }

  align(): void {
    while (this.#filled > 0) this.bits(0, 1)
  }

  /** Exp-Golomb with a sign: se(v) in the standard. */
  signed(value: number): void {
    this.unsigned(value > 0 ? value * 2 - 1 : value * -2)
  }

  /** Writes the final 1 and the padding. */
  stop(): void {
    this.bits(1, 1)
    this.align()
  }

  raw(samples: ReadonlyArray<number>): void {
    for (const sample of samples) this.#bytes.push(sample)
  }

  buffer(): Buffer {
    return Buffer.from(this.#bytes)
  }
}

/** Inserts a 3 into sequences that look like a start code. */
const escape = (bytes: Buffer): Buffer => {
  const out: Array<number> = []
  let zeros = 0
  for (const byte of bytes) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3)
      zeros = 0
    }
    out.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return Buffer.from(out)
}

const unit = (type: number, writer: BitWriter): Buffer =>
  Buffer.concat([Buffer.from([type]), escape(writer.buffer())])

/** Width and height must be multiples of 16. */
export const sequenceParameters = (width: number, height: number): Buffer => {
  const writer = new BitWriter()
  writer.bits(66, 8) // baseline
  writer.bits(0xc0, 8)
  writer.bits(30, 8) // level 3
  writer.unsigned(0)
  writer.unsigned(0) // frame numbers of 4 bits
  writer.unsigned(2) // output in decoding order
  writer.unsigned(1)
  writer.bits(0, 1)
  writer.unsigned(width / 16 - 1)
  writer.unsigned(height / 16 - 1)
  writer.bits(1, 1) // whole frames
  writer.bits(1, 1)
  writer.bits(0, 1) // no cropping
  writer.bits(0, 1) // no VUI
  writer.stop()
  return unit(0x67, writer)
}

export const pictureParameters = (): Buffer => {
  const writer = new BitWriter()
  writer.unsigned(0)
  writer.unsigned(0)
  writer.bits(0, 2) // CAVLC
  writer.unsigned(0)
  writer.unsigned(0)
  writer.unsigned(0)
  writer.bits(0, 3)
  writer.unsigned(0) // quantization: signed zeros have the same code
  writer.unsigned(0)
  writer.unsigned(0)
  writer.bits(0b100, 3) // deblocking can be turned off per slice
  writer.stop()
  return unit(0x68, writer)
}

/** A picture that doesn't depend on another. */
export const pictureUnit = (picture: Bitmap): Buffer => {
  const writer = new BitWriter()
  writer.unsigned(0)
  writer.unsigned(7) // I, and so are all slices of this picture
  writer.unsigned(0)
  writer.bits(0, 4) // frame number
  writer.unsigned(0)
  writer.bits(0, 2)
  writer.unsigned(0) // quantization: signed zeros have the same code
  writer.unsigned(1) // no deblocking
  for (let top = 0; top < picture.height; top += 16) {
    for (let left = 0; left < picture.width; left += 16) writePlain(writer, 25, picture, left, top)
  }
  writer.stop()
  return unit(0x65, writer)
}

/** The previous picture, moved to the left by an even number of pixels. Only its last column is new. */
export const pannedUnit = (picture: Bitmap, number: number, shift: number): Buffer => {
  const writer = new BitWriter()
  writer.unsigned(0)
  writer.unsigned(5) // P, and so are all slices of this picture
  writer.unsigned(0)
  writer.bits(number % 16, 4)
  writer.bits(0, 3) // one reference picture, with the default order and marking
  writer.unsigned(0)
  writer.unsigned(1)
  const last = picture.width - 16
  for (let top = 0; top < picture.height; top += 16) {
    // A macroblock in the first row or column can't be skipped, because it wouldn't move.
    const written = top === 0 ? last / 16 : 1
    for (let column = 0; column < written; column++) {
      writer.unsigned(0) // none skipped
      writer.unsigned(0) // moved as a whole
      // In quarters of a pixel, relative to the motion of its neighbors, which only the first one lacks.
      writer.signed(top === 0 && column === 0 ? shift * 4 : 0)
      writer.signed(0)
      writer.unsigned(0) // nothing to correct
    }
    writer.unsigned(last / 16 - written) // skipped macroblocks move as their neighbors do
    writePlain(writer, 30, picture, last, top)
  }
  writer.stop()
  return unit(0x61, writer)
}

/** Writes a macroblock of raw samples. The number of I_PCM depends on the type of picture. */
const writePlain = (writer: BitWriter, type: number, picture: Bitmap, left: number, top: number): void => {
  writer.unsigned(type)
  writer.align()
  writer.raw(encodeMacroblock(picture, left, top))
}

const encodeMacroblock = (picture: Bitmap, left: number, top: number): ReadonlyArray<number> => {
  const luma: Array<number> = []
  const blue: Array<number> = []
  const red: Array<number> = []
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 16; x++) {
      const at = ((top + y) * picture.width + left + x) * 4
      const [r, g, b] = [picture.pixels[at] ?? 0, picture.pixels[at + 1] ?? 0, picture.pixels[at + 2] ?? 0]
      luma.push(Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b))
      if (x % 2 === 0 && y % 2 === 0) {
        blue.push(Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b))
        red.push(Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b))
      }
    }
  }
  return [...luma, ...blue, ...red]
}
