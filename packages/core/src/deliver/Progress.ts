import { Checksum } from "./Checksum.ts"
import { FileEnd } from "./FileEnd.ts"
import { LastBytes } from "./LastBytes.ts"
import { countBytes, splitAt } from "./chunks.ts"

/** What to do when a body has ended: be done, ask for the rest, or give up on a file that is not whole. */
export type Verdict = "done" | "ask-again" | "cut"

/** What has been given out of one file, over all of its connections, and whether that is all of it. */
export class Progress {
  /** Bytes that were given out. */
  received = 0
  /** The size by the CDN's own headers, if they say. */
  totalBytes: number | undefined
  /** The size that was promised and did not come, once the file was taken to be whole without it. */
  missedBytes: number | undefined
  #furthest = 0
  #endedAt: number | undefined
  #end = new FileEnd()
  #last = new LastBytes()
  /** Of all bytes that were given out; absent if the reader can take them back. */
  #given: Checksum | undefined
  /** Of the bytes that came a second time; absent unless they must be compared. */
  #again: Checksum | undefined

  constructor(canTakeBack: boolean) {
    this.#given = canTakeBack ? undefined : new Checksum()
  }

  /** Whether these bytes got further than any connection before. */
  give(chunks: ReadonlyArray<Uint8Array>): boolean {
    for (const chunk of chunks) {
      this.#end.push(chunk)
      this.#last.push(chunk)
      this.#given?.push(chunk)
    }
    this.received += countBytes(chunks)
    const isFurther = this.received > this.#furthest
    this.#furthest = Math.max(this.#furthest, this.received)
    return isFurther
  }

  /** All that was given out was taken back. */
  takeBack(): void {
    this.received = 0
    this.totalBytes = undefined
    this.#end = new FileEnd()
    this.#last = new LastBytes()
  }

  /** From now on the bytes that were given out come once more, perhaps of another file. */
  compare(): void {
    this.#again = new Checksum()
  }

  /** Whether what comes now is compared with what was given out. */
  get isComparing(): boolean {
    return this.#again !== undefined
  }

  /** From where to read on: a little before the end, if only the bytes themselves can show that the file is the same. */
  getResumeOffset(isVersionNamed: boolean): number {
    return isVersionNamed ? this.received : this.received - this.#last.overlap
  }

  /** Drops what was given out already, of chunks that begin at byte `position`; `undefined` if it was something else. */
  dropKnown(chunks: ReadonlyArray<Uint8Array>, position: number): ReadonlyArray<Uint8Array> | undefined {
    const [known, fresh] = splitAt(chunks, this.received - position)
    let beforeEnd = this.received - position
    for (const chunk of known) {
      if (!this.#last.isSame(chunk, beforeEnd)) return undefined
      beforeEnd -= chunk.length
      this.#again?.push(chunk)
    }
    const isThrough = position + countBytes(chunks) >= this.received
    if (this.#again !== undefined && this.#given !== undefined && isThrough) {
      const isSame = this.#again.equals(this.#given)
      this.#again = undefined
      if (!isSame) return undefined
    }
    return fresh
  }

  /**
   * The body has ended, properly (`closed`) or not. A size can be wrong, the CDN's own too, even if just as many bytes
   * come, and a body that ends early can look whole: what is doubtful is asked for once more, and decided by the file's
   * format if nothing more comes.
   */
  judge(ending: "closed" | "broken", statedBytes: number | undefined): Verdict {
    const { received, totalBytes } = this
    const isComplete = received === totalBytes
    if (isComplete && received === statedBytes) return "done"
    const isPromised = totalBytes !== undefined && received < totalBytes
    const wholeness = this.#end.judge()
    const isShort = wholeness === "cut" || (statedBytes !== undefined && received < statedBytes)
    const isProper = isComplete || (ending === "closed" && !isPromised)
    if (isProper && !isShort) return "done"
    if (this.#endedAt !== received) {
      this.#endedAt = received
      // A size that cuts the file short says nothing of it.
      if (isComplete) this.totalBytes = undefined
      return "ask-again"
    }
    const isAll = wholeness === "whole" || received === statedBytes
    if (isAll || (wholeness === "unknown" && isProper)) {
      this.#note(isComplete ? statedBytes : (totalBytes ?? statedBytes))
      return "done"
    }
    return ending === "closed" || isComplete ? "cut" : "ask-again"
  }

  /** The CDN has nothing from `received` on: `fileBytes` is the size that it names. */
  judgeRefusedRange(
    fileBytes: number | undefined,
    statedBytes: number | undefined,
  ): "done" | "changed" | "cut" {
    const isShort = statedBytes !== undefined && this.received < statedBytes
    if (this.received === fileBytes && isShort && this.#end.judge() === "cut") return "cut"
    const isWhole =
      fileBytes === undefined
        ? this.received === statedBytes || this.#end.judge() !== "cut"
        : this.received === fileBytes
    if (!isWhole) return "changed"
    this.#note(this.totalBytes ?? statedBytes)
    return "done"
  }

  #note(expected: number | undefined): void {
    if (expected !== undefined && expected !== this.received) this.missedBytes = expected
  }
}
