/** Chunks are delivered at once when this many bytes are ready, because a step for each chunk would cost more than it. */
const maxBytes = 524_288

/** A bounded buffer between the reader of a body and the taker of its bytes. */
export class ReadAhead {
  #chunks: Array<Uint8Array> = []
  #bytes = 0
  #hasReceived = false
  /** Set at the end of the body: with the error, if it failed. */
  #end: { readonly error?: unknown } | undefined
  #onReady: (() => void) | undefined
  #onRoom: (() => void) | undefined

  /** How the body ended. `undefined` until the last bytes were taken. */
  get end(): { readonly error?: unknown } | undefined {
    return this.#chunks.length === 0 ? this.#end : undefined
  }

  /** Whether the reader should read more now. */
  get hasRoom(): boolean {
    return this.#bytes < maxBytes && this.#end === undefined
  }

  /** Calls back once: when the buffer is full, when `flush` finds bytes, or at the end. */
  onReady(callback: () => void): void {
    this.#onReady = callback
    if (!this.hasRoom) this.#callTaker()
  }

  take(): ReadonlyArray<Uint8Array> {
    const chunks = this.#chunks
    this.#chunks = []
    this.#bytes = 0
    if (this.hasRoom) this.#callReader()
    return chunks
  }

  /** Delivers the bytes so far to a waiting taker. */
  flush(): void {
    if (this.#bytes > 0) this.#callTaker()
  }

  push(chunk: Uint8Array): void {
    this.#hasReceived = true
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (!this.hasRoom) this.#callTaker()
  }

  /** Calls back once, when there is room. Never after the end. */
  onRoom(callback: () => void): void {
    this.#onRoom = callback
    if (this.hasRoom) this.#callReader()
  }

  /** Whether there was room since the last call of this method, but no chunk came. */
  wasSilent(): boolean {
    const wasSilent = this.hasRoom && !this.#hasReceived
    this.#hasReceived = false
    return wasSilent
  }

  /** Ends the body. The first end counts. */
  finish(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end
    this.#callTaker()
  }

  #callTaker(): void {
    const callback = this.#onReady
    this.#onReady = undefined
    callback?.()
  }

  #callReader(): void {
    const callback = this.#onRoom
    this.#onRoom = undefined
    callback?.()
  }
}
