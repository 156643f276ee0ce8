/** Whether a file's own format says that all of it is there. `unknown`: it has no end mark, or none known here. */
export type Wholeness = "whole" | "cut" | "unknown"

/** A box begins with its size and its name; a size of 1 means that 8 more bytes hold the size. */
const headerBytes = 8
const longHeaderBytes = 16

/** Walks over the top-level boxes of an ISO media file (MP4, MOV, HEIF) while its bytes come, and reads their headers only. */
export class BoxWalk {
  #size = 0
  /** Where the next box begins; `undefined` once the bytes made no sense as boxes, or a box extends to the end. */
  #nextAt: number | undefined = 0
  /** The bytes from `#nextAt` on that have come so far, fewer than a header has. */
  #header: Array<number> = []
  #hasIndex = false

  push(chunk: Uint8Array): void {
    const chunkAt = this.#size
    this.#size += chunk.length
    while (this.#nextAt !== undefined && this.#nextAt + this.#header.length < this.#size) {
      const from = this.#nextAt + this.#header.length - chunkAt
      this.#header.push(...chunk.subarray(from, from + this.#headerBytes() - this.#header.length))
      if (this.#header.length === this.#headerBytes()) this.#enter()
    }
  }

  /** A film without its index, or one that ends within a box, is cut. */
  judge(): Wholeness {
    if (this.#nextAt === undefined) return "unknown"
    if (this.#header.length > 0 || this.#nextAt > this.#size) return "cut"
    return this.#hasIndex ? "whole" : "cut"
  }

  #headerBytes(): number {
    const isLong = this.#header.length >= headerBytes && numberIn(this.#header.slice(0, 4)) === 1
    return isLong ? longHeaderBytes : headerBytes
  }

  #enter(): void {
    const name = String.fromCharCode(...this.#header.slice(4, 8))
    const short = numberIn(this.#header.slice(0, 4))
    const size = short === 1 ? numberIn(this.#header.slice(8, 16)) : short
    this.#header = []
    const isBox = /^[\w\xa9 -]{4}$/.test(name) && size >= 8
    this.#nextAt = isBox && this.#nextAt !== undefined ? this.#nextAt + size : undefined
    this.#hasIndex ||= ["moov", "moof", "meta", "jp2c"].includes(name)
  }
}

const numberIn = (bytes: ReadonlyArray<number>): number =>
  bytes.reduce((number, byte) => number * 256 + byte, 0)
