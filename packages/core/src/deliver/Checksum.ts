/** Sums stay below 2^53 for this many bytes. */
const blockBytes = 65_536
const modulus = 4_294_967_291

/**
 * A running checksum like Adler-32, with wider sums. Shows whether bytes that were received again are the same. It is fast
 * enough for every download, but doesn't protect against an attacker.
 */
export class Checksum {
  #bytes = 1
  #sums = 0

  push(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.length; start += blockBytes) {
      const end = Math.min(chunk.length, start + blockBytes)
      let bytes = this.#bytes
      let sums = this.#sums
      for (let at = start; at < end; at++) {
        bytes += chunk[at] ?? 0
        sums += bytes
      }
      this.#bytes = bytes % modulus
      this.#sums = sums % modulus
    }
  }

  equals(other: Checksum): boolean {
    return this.#bytes === other.#bytes && this.#sums === other.#sums
  }
}
