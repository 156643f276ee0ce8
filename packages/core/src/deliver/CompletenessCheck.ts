import { BoxReader, type Completeness } from "./BoxReader.ts"
import { findSignature, signatureBytes } from "./signatures.ts"

/** An end mark lies within this many bytes of the end, even if a comment follows it. */
const tailBytes = 1024

/** Checks by a file's format whether it is complete, as its bytes arrive. Keeps about 2 kB in memory. */
export class CompletenessCheck {
  #head = new Uint8Array()
  #tail = new Uint8Array()
  #size = 0
  readonly #boxes = new BoxReader()

  push(chunk: Uint8Array): void {
    if (this.#head.length < signatureBytes) {
      this.#head = concat(this.#head, chunk.subarray(0, signatureBytes - this.#head.length))
    }
    this.#tail =
      chunk.length >= tailBytes
        ? chunk.slice(-tailBytes)
        : concat(this.#tail.subarray(-Math.max(0, tailBytes - chunk.length)), chunk)
    this.#boxes.push(chunk)
    this.#size += chunk.length
  }

  /** The completeness if no more bytes come. */
  get(): Completeness {
    const stated = readStatedSize(this.#head)
    if (stated !== undefined) return this.#size >= stated ? "complete" : "truncated"
    const type = findSignature(this.#head)?.mimeType ?? ""
    if (boxedTypes.test(type)) return this.#boxes.getCompleteness()
    const end = endMarks.get(type)
    if (end === undefined || !end.appliesTo(this.#head)) return "unknown"
    return end.mark.test(String.fromCharCode(...this.#tail)) ? "complete" : "truncated"
  }
}

const boxedTypes = /^(video\/(mp4|quicktime|3gpp)|audio\/mp4|image\/(avif|heic|jp2))$/

/** Reads the size that some formats state in their first bytes. */
const readStatedSize = (head: Uint8Array): number | undefined => {
  if (head.length < 16) return undefined
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const name = String.fromCharCode(...head.subarray(0, 4))
  // A stream whose length was unknown states 0 or all ones.
  const toKnownSize = (size: number) => (size === 0 || size >= 0xfffffff0 ? undefined : size)
  if (name === "RIFF") {
    const size = toKnownSize(view.getUint32(4, true))
    return size === undefined ? undefined : size + 8
  }
  if (name === "glTF") return toKnownSize(view.getUint32(8, true))
  if (findSignature(head)?.mimeType === "image/bmp") return toKnownSize(view.getUint32(2, true))
  return view.getUint32(0) === 0x1a45dfa3 ? readMatroskaSize(head) : undefined
}

/** A Matroska file is an EBML header and one segment, which usually states its size. */
const readMatroskaSize = (head: Uint8Array): number | undefined => {
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
  /** Whether a file with these first bytes has the mark at all. */
  readonly appliesTo: (head: Uint8Array) => boolean
  readonly mark: RegExp
}

const toEndMark = (mark: RegExp, appliesTo: EndMark["appliesTo"] = () => true): EndMark => ({
  appliesTo,
  mark,
})

const endMarks: ReadonlyMap<string, EndMark> = new Map([
  [
    "image/png",
    toEndMark(/IEND\xae\x42\x60\x82/, (head) => String.fromCharCode(...head.subarray(12, 16)) === "IHDR"),
  ],
  // The first marker is followed by another one, which has a length.
  [
    "image/jpeg",
    toEndMark(/\xff\xd9/, (head) => (head[3] ?? 0) >= 0xc0 && (head[4] ?? 0) * 256 + (head[5] ?? 0) >= 2),
  ],
  ["image/gif", toEndMark(/\x3b\0*$/)],
  ["image/svg+xml", toEndMark(/<\/(\w+:)?svg\s*>|<svg[^>]*\/>/i)],
  ["application/pdf", toEndMark(/%%EOF/)],
  ["application/zip", toEndMark(new RegExp(`PK${String.fromCharCode(5, 6)}`))],
  ["model/gltf+json", toEndMark(/[}\]]\s*$/)],
  ["application/json", toEndMark(/[}\]]\s*$/)],
])

const concat = (one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> => {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
