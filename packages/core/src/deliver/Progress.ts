import { Checksum } from "./Checksum.ts"
import { FileEnd } from "./FileEnd.ts"
import { lengthOf, splitAt } from "./chunks.ts"

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
      this.#given?.push(chunk)
    }
    this.received += lengthOf(chunks)
    const isFurther = this.received > this.#furthest
    this.#furthest = Math.max(this.#furthest, this.received)
    return isFurther
  }

  /** All that was given out was taken back. */
  takeBack(): void {
    this.received = 0
    this.totalBytes = undefined
    this.#end = new FileEnd()
  }

  /** From now on the bytes that were given out come once more, perhaps of another file. */
  compare(): void {
    this.#again = new Checksum()
  }

  /** Whether what comes now is compared with what was given out. */
  get isComparing(): boolean {
    return this.#again !== undefined
  }

  /** Drops what was given out already, of chunks that begin at byte `position`; `undefined` if it was something else. */
  dropKnown(chunks: ReadonlyArray<Uint8Array>, position: number): ReadonlyArray<Uint8Array> | undefined {
    const [known, fresh] = splitAt(chunks, this.received - position)
    for (const chunk of known) this.#again?.push(chunk)
    const isThrough = position + lengthOf(chunks) >= this.received
    if (this.#again !== undefined && this.#given !== undefined && isThrough) {
      const isSame = this.#again.equals(this.#given)
      this.#again = undefined
      if (!isSame) return undefined
    }
    return fresh
  }

  /**
   * The body has ended, properly (`closed`) or not. A size can be wrong, the CDN's own too, and a body that ends early
   * can look whole: what is doubtful is asked for once more, and decided by the file's format if nothing more comes.
   */
  judge(ending: "closed" | "broken", statedBytes: number | undefined): Verdict {
    const { received, totalBytes } = this
    if (received === totalBytes) return "done"
    const isPromised = totalBytes !== undefined && received < totalBytes
    const wholeness = this.#end.judge()
    const isShort = wholeness === "cut" || (statedBytes !== undefined && received < statedBytes)
    if (ending === "closed" && !isPromised && !isShort) return "done"
    if (this.#endedAt !== received) {
      this.#endedAt = received
      return "ask-again"
    }
    const isAll = wholeness === "whole" || received === statedBytes
    if (isAll || (wholeness === "unknown" && ending === "closed" && !isPromised)) {
      this.#note(totalBytes ?? statedBytes)
      return "done"
    }
    return ending === "closed" ? "cut" : "ask-again"
  }

  /** The CDN has nothing from `received` on: `fileBytes` is the size that it names. */
  judgeRefusedRange(fileBytes: number | undefined, statedBytes: number | undefined): "done" | "changed" {
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
