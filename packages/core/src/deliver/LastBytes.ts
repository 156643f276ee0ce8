/** How many are kept. */
const maxBytes = 16_384

/** The last bytes that were given out, to tell whether bytes that come a second time are the same. */
export class LastBytes {
  #bytes = new Uint8Array()

  /** How many bytes before the end a resumed download begins, if no other sign shows that the file is the same. */
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

  /** Whether bytes that begin this many before the end are what was there; of those further back nothing is known. */
  isSame(bytes: Uint8Array, beforeEnd: number): boolean {
    const shift = this.#bytes.length - beforeEnd
    const first = Math.max(0, -shift)
    for (let at = first; at < bytes.length; at++) if (bytes[at] !== this.#bytes[at + shift]) return false
    return true
  }
}
