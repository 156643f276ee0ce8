const maxBytes = 16_384

/** Keeps the last delivered bytes, to check whether bytes that are received again are the same. */
export class LastBytes {
  #bytes = new Uint8Array()

  /** How many bytes a resumed download overlaps, if no validator shows that the file is the same. */
  get overlap(): number {
    return Math.floor(this.#bytes.length / 2)
  }

  push(chunk: Uint8Array): void {
    if (chunk.length >= maxBytes) {
      this.#bytes = chunk.slice(-maxBytes)
      return
    }
    const kept = this.#bytes.subarray(-(maxBytes - chunk.length))
    const bytes = new Uint8Array(kept.length + chunk.length)
    bytes.set(kept)
    bytes.set(chunk, kept.length)
    this.#bytes = bytes
  }

  /** Whether bytes that start this far before the end are the same. Bytes that are no longer kept count as the same. */
  isSame(bytes: Uint8Array, beforeEnd: number): boolean {
    const shift = this.#bytes.length - beforeEnd
    const first = Math.max(0, -shift)
    for (let at = first; at < bytes.length; at++) if (bytes[at] !== this.#bytes[at + shift]) return false
    return true
  }
}
