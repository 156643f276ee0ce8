import { Checksum } from "./Checksum.ts"
import { countBytes, splitAt } from "./chunks.ts"
import { CompletenessCheck } from "./CompletenessCheck.ts"
import { LastBytes } from "./LastBytes.ts"

/** What to do at the end of a body: finish, request the rest, or fail because the file is truncated. */
export type EndDecision = "done" | "retry" | "truncated"

/** The delivered bytes of one file, over all of its connections, and whether they are all of it. */
export class Progress {
  /** Delivered bytes. */
  received = 0
  /** The size by the CDN's headers, if they say. */
  totalBytes: number | undefined
  /** The promised size, if the file turned out to be complete with another one. */
  promisedBytes: number | undefined
  #maxReceived = 0
  #endedAt: number | undefined
  #completeness = new CompletenessCheck()
  #last = new LastBytes()
  /** Of all delivered bytes. Absent if the reader can restart. */
  #delivered: Checksum | undefined
  /** Of the bytes that were received again. Absent unless they are being compared. */
  #repeated: Checksum | undefined

  constructor(canRestart: boolean) {
    this.#delivered = canRestart ? undefined : new Checksum()
  }

  /** Adds delivered bytes. Returns whether they reach further than any connection before. */
  add(chunks: ReadonlyArray<Uint8Array>): boolean {
    for (const chunk of chunks) {
      this.#completeness.push(chunk)
      this.#last.push(chunk)
      this.#delivered?.push(chunk)
    }
    this.received += countBytes(chunks)
    const isFurther = this.received > this.#maxReceived
    this.#maxReceived = Math.max(this.#maxReceived, this.received)
    return isFurther
  }

  /** The reader discarded all delivered bytes. */
  restart(): void {
    this.received = 0
    this.totalBytes = undefined
    this.#completeness = new CompletenessCheck()
    this.#last = new LastBytes()
  }

  /** From now on, the delivered bytes are received again, perhaps from another version of the file. */
  startComparing(): void {
    this.#repeated = new Checksum()
  }

  /** Whether received bytes are compared with the delivered ones. */
  get isComparing(): boolean {
    return this.#repeated !== undefined
  }

  /** The offset at which to resume. Overlaps a little if only the bytes can show that the file is the same. */
  getResumeOffset(hasValidator: boolean): number {
    return hasValidator ? this.received : this.received - this.#last.overlap
  }

  /** Drops delivered bytes from chunks that begin at byte `position`. Returns `undefined` if they differ. */
  dropDelivered(chunks: ReadonlyArray<Uint8Array>, position: number): ReadonlyArray<Uint8Array> | undefined {
    const [repeated, fresh] = splitAt(chunks, this.received - position)
    let beforeEnd = this.received - position
    for (const chunk of repeated) {
      if (!this.#last.isSame(chunk, beforeEnd)) return undefined
      beforeEnd -= chunk.length
      this.#repeated?.push(chunk)
    }
    const isAll = position + countBytes(chunks) >= this.received
    if (this.#repeated !== undefined && this.#delivered !== undefined && isAll) {
      const isSame = this.#repeated.equals(this.#delivered)
      this.#repeated = undefined
      if (!isSame) return undefined
    }
    return fresh
  }

  /**
   * Decides what the end of a body means: a proper one (`closed`) or a failure (`broken`). A stated size can be wrong, even
   * the CDN's own, and a body that ends early can look complete. In doubt the rest is requested once. If nothing more
   * comes, the file's format decides.
   */
  decideAtEnd(ending: "closed" | "broken", statedBytes: number | undefined): EndDecision {
    const { received, totalBytes } = this
    const hasTotal = received === totalBytes
    if (hasTotal && received === statedBytes) return "done"
    const isPromised = totalBytes !== undefined && received < totalBytes
    const completeness = this.#completeness.get()
    const isShort = completeness === "truncated" || (statedBytes !== undefined && received < statedBytes)
    const isProper = hasTotal || (ending === "closed" && !isPromised)
    if (isProper && !isShort) return "done"
    if (this.#endedAt !== received) {
      this.#endedAt = received
      // The CDN's size is wrong, so it must not identify the file's version.
      if (hasTotal) this.totalBytes = undefined
      return "retry"
    }
    const isAll = completeness === "complete" || received === statedBytes
    if (isAll || (completeness === "unknown" && isProper)) {
      this.#noteSize(hasTotal ? statedBytes : (totalBytes ?? statedBytes))
      return "done"
    }
    return ending === "closed" || hasTotal ? "truncated" : "retry"
  }

  /** Decides what a 416 for the rest of the file means. `fileBytes` is the size that it names. */
  decideAtRefusedRange(
    fileBytes: number | undefined,
    statedBytes: number | undefined,
  ): "done" | "changed" | "truncated" {
    const isShort = statedBytes !== undefined && this.received < statedBytes
    const isTruncated = this.#completeness.get() === "truncated"
    if (this.received === fileBytes && isShort && isTruncated) return "truncated"
    const isAll =
      fileBytes === undefined ? this.received === statedBytes || !isTruncated : this.received === fileBytes
    if (!isAll) return "changed"
    this.#noteSize(this.totalBytes ?? statedBytes)
    return "done"
  }

  #noteSize(promised: number | undefined): void {
    if (promised !== undefined && promised !== this.received) this.promisedBytes = promised
  }
}
