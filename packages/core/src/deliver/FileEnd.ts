import { BoxWalk, type Wholeness } from "./BoxWalk.ts"
import { findSignature, signatureBytes } from "./signatures.ts"

/** End marks stand this near to the end, comments behind them included. Bytes. */
const tailBytes = 1024

/** Follows the bytes of a file, and tells by its format whether they are all of it. Holds about two kilobytes. */
export class FileEnd {
  #head = new Uint8Array()
  #tail = new Uint8Array()
  #size = 0
  readonly #boxes = new BoxWalk()

  push(chunk: Uint8Array): void {
    if (this.#head.length < signatureBytes) {
      this.#head = joined(this.#head, chunk.subarray(0, signatureBytes - this.#head.length))
    }
    this.#tail =
      chunk.length >= tailBytes
        ? chunk.slice(-tailBytes)
        : joined(this.#tail.subarray(-Math.max(0, tailBytes - chunk.length)), chunk)
    this.#boxes.push(chunk)
    this.#size += chunk.length
  }

  /** What the bytes so far are, if no more come. */
  judge(): Wholeness {
    const stated = sizeInHeader(this.#head)
    if (stated !== undefined) return this.#size >= stated ? "whole" : "cut"
    const type = findSignature(this.#head)?.mimeType ?? ""
    if (isBoxed.test(type)) return this.#boxes.judge()
    const end = endMarks.get(type)
    if (end === undefined || !end.appliesTo(this.#head)) return "unknown"
    return end.mark.test(String.fromCharCode(...this.#tail)) ? "whole" : "cut"
  }
}

const isBoxed = /^(video\/(mp4|quicktime|3gpp)|audio\/mp4|image\/(avif|heic|jp2))$/

/** The size that some formats state in their first bytes. */
const sizeInHeader = (head: Uint8Array): number | undefined => {
  if (head.length < 16) return undefined
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const name = String.fromCharCode(...head.subarray(0, 4))
  // A stream that was written without knowing its length states 0 or all ones.
  const stated = (size: number) => (size === 0 || size >= 0xfffffff0 ? undefined : size)
  if (name === "RIFF") {
    const size = stated(view.getUint32(4, true))
    return size === undefined ? undefined : size + 8
  }
  if (name === "glTF") return stated(view.getUint32(8, true))
  if (findSignature(head)?.mimeType === "image/bmp") return stated(view.getUint32(2, true))
  return view.getUint32(0) === 0x1a45dfa3 ? sizeOfMatroska(head) : undefined
}

/** An EBML header, then one segment that mostly states its size. */
const sizeOfMatroska = (head: Uint8Array): number | undefined => {
  const header = readVint(head, 4)
  const segmentAt = header === undefined ? undefined : header.end + header.value
  if (
    segmentAt === undefined ||
    ![0x18, 0x53, 0x80, 0x67].every((byte, index) => head[segmentAt + index] === byte)
  ) {
    return undefined
  }
  const segment = readVint(head, segmentAt + 4)
  return segment === undefined || segment.isUnknown ? undefined : segment.end + segment.value
}

const readVint = (head: Uint8Array, at: number) => {
  const first = head[at]
  if (first === undefined || first === 0) return undefined
  const length = Math.clz32(first) - 23
  if (at + length > head.length) return undefined
  const rest = head.subarray(at + 1, at + length)
  const mask = (1 << (8 - length)) - 1
  return {
    value: rest.reduce((value, byte) => value * 256 + byte, first & mask),
    end: at + length,
    isUnknown: (first & mask) === mask && rest.every((byte) => byte === 0xff),
  }
}

interface EndMark {
  /** Whether a file that begins so has the mark at all. */
  readonly appliesTo: (head: Uint8Array) => boolean
  readonly mark: RegExp
}

const mark = (text: RegExp, appliesTo: EndMark["appliesTo"] = () => true): EndMark => ({
  appliesTo,
  mark: text,
})

const endMarks: ReadonlyMap<string, EndMark> = new Map([
  [
    "image/png",
    mark(/IEND\xae\x42\x60\x82/, (head) => String.fromCharCode(...head.subarray(12, 16)) === "IHDR"),
  ],
  // Its first marker is followed by another one with a length.
  [
    "image/jpeg",
    mark(/\xff\xd9/, (head) => (head[3] ?? 0) >= 0xc0 && (head[4] ?? 0) * 256 + (head[5] ?? 0) >= 2),
  ],
  ["image/gif", mark(/\x3b\0*$/)],
  ["image/svg+xml", mark(/<\/(\w+:)?svg\s*>|<svg[^>]*\/>/i)],
  ["application/pdf", mark(/%%EOF/)],
  ["application/zip", mark(new RegExp(`PK${String.fromCharCode(5, 6)}`))],
  ["model/gltf+json", mark(/[}\]]\s*$/)],
  ["application/json", mark(/[}\]]\s*$/)],
])

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> => {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
