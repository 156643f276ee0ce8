/** Given out at once where bytes come fast: a step for each chunk would cost more than the chunk. */
const plentyBytes = 524_288

/** Bytes of a body that were read ahead of whoever takes them, by so much and no more. */
export class ReadAhead {
  #chunks: Array<Uint8Array> = []
  #bytes = 0
  #hasMoved = false
  /** Set once no more will come: what was thrown, or nothing where the body is through. */
  #end: { readonly error?: unknown } | undefined
  #whenSome: (() => void) | undefined
  #whenRoom: (() => void) | undefined

  /** Once the last bytes were taken: how the body has ended. */
  get end(): { readonly error?: unknown } | undefined {
    return this.#chunks.length === 0 ? this.#end : undefined
  }

  /** Whether more is to be read, now. */
  get hasRoom(): boolean {
    return this.#bytes < plentyBytes && this.#end === undefined
  }

  /** Calls back when there is plenty to take, when there is some and `hand` is called, or at the end. */
  whenSome(callback: () => void): void {
    this.#whenSome = callback
    if (!this.hasRoom) this.#callTaker()
  }

  take(): ReadonlyArray<Uint8Array> {
    const chunks = this.#chunks
    this.#chunks = []
    this.#bytes = 0
    if (this.hasRoom) this.#callReader()
    return chunks
  }

  /** Lets whoever waits have what has come so far. */
  hand(): void {
    if (this.#bytes > 0) this.#callTaker()
  }

  push(chunk: Uint8Array): void {
    this.#hasMoved = true
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (!this.hasRoom) this.#callTaker()
  }

  /** Calls back when there is room again. Never after the end. */
  whenRoom(callback: () => void): void {
    this.#whenRoom = callback
    if (this.hasRoom) this.#callReader()
  }

  /** Whether more has been waited for since this was last asked, and none came. */
  isSilent(): boolean {
    const isSilent = this.hasRoom && !this.#hasMoved
    this.#hasMoved = false
    return isSilent
  }

  /** No more will come. The first reason stays. */
  finish(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end
    this.#callTaker()
  }

  #callTaker(): void {
    const callback = this.#whenSome
    this.#whenSome = undefined
    callback?.()
  }

  #callReader(): void {
    const callback = this.#whenRoom
    this.#whenRoom = undefined
    callback?.()
  }
}
