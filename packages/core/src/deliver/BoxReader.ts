/** What a file's format says about its end. `unknown`: it has no end mark, or the format isn't known. */
export type Completeness = "complete" | "truncated" | "unknown"

/** A box starts with its size and its name. A size of 1 means that 8 more bytes contain the size. */
const headerBytes = 8
const longHeaderBytes = 16

/** Reads the headers of the top-level boxes of an ISO media file (MP4, MOV, HEIF) as its bytes arrive. */
export class BoxReader {
  #size = 0
  /** Offset of the next box. `undefined` if the bytes aren't boxes, or a box extends to the end of the file. */
  #nextAt: number | undefined = 0
  /** The bytes so far of an incomplete header at `#nextAt`. */
  #header: Array<number> = []
  #hasIndex = false

  push(chunk: Uint8Array): void {
    const chunkAt = this.#size
    this.#size += chunk.length
    while (this.#nextAt !== undefined && this.#nextAt + this.#header.length < this.#size) {
      const from = this.#nextAt + this.#header.length - chunkAt
      this.#header.push(...chunk.subarray(from, from + this.#getHeaderBytes() - this.#header.length))
      if (this.#header.length === this.#getHeaderBytes()) this.#readHeader()
    }
  }

  /** A file is truncated if it has no index, or ends within a box. */
  getCompleteness(): Completeness {
    if (this.#nextAt === undefined) return "unknown"
    if (this.#header.length > 0 || this.#nextAt > this.#size) return "truncated"
    return this.#hasIndex ? "complete" : "truncated"
  }

  #getHeaderBytes(): number {
    const isLong = this.#header.length >= headerBytes && readNumber(this.#header.slice(0, 4)) === 1
    return isLong ? longHeaderBytes : headerBytes
  }

  #readHeader(): void {
    const name = String.fromCharCode(...this.#header.slice(4, 8))
    const shortSize = readNumber(this.#header.slice(0, 4))
    const size = shortSize === 1 ? readNumber(this.#header.slice(8, 16)) : shortSize
    this.#header = []
    const isBox = /^[\w\xa9 -]{4}$/.test(name) && size >= 8
    this.#nextAt = isBox && this.#nextAt !== undefined ? this.#nextAt + size : undefined
    this.#hasIndex ||= ["moov", "moof", "meta", "jp2c"].includes(name)
  }
}

const readNumber = (bytes: ReadonlyArray<number>): number =>
  bytes.reduce((number, byte) => number * 256 + byte, 0)
