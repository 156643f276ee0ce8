/** Given out at once where bytes come fast: a step for each chunk would cost more than the chunk. */
const plentyBytes = 524_288

/** Reads a body ahead of whoever takes its bytes, by so much and no more. */
export class ReadAhead {
  readonly #body: AsyncIterator<Uint8Array>
  #chunks: Array<Uint8Array> = []
  #bytes = 0
  #hasMoved = false
  #isReading = false
  /** Set once no more will come: what was thrown, or nothing where the body is through. */
  #end: { readonly error?: unknown } | undefined
  #whenSome: (() => void) | undefined

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#body = body[Symbol.asyncIterator]()
  }

  /** Once the last bytes were taken: how the body has ended. */
  get end(): { readonly error?: unknown } | undefined {
    return this.#chunks.length === 0 ? this.#end : undefined
  }

  /** Calls back when there is plenty to take, when there is some and `hand` is called, or at the end. */
  whenSome(callback: () => void): void {
    this.#whenSome = callback
    if (this.#bytes >= plentyBytes || this.#end !== undefined) this.#call()
    else void this.#readOn()
  }

  take(): ReadonlyArray<Uint8Array> {
    const chunks = this.#chunks
    this.#chunks = []
    this.#bytes = 0
    void this.#readOn()
    return chunks
  }

  /** Lets whoever waits have what has come so far. */
  hand(): void {
    if (this.#bytes > 0) this.#call()
  }

  /** Whether it has waited for bytes since this was last asked, and none came. */
  isSilent(): boolean {
    const isSilent = this.#isReading && !this.#hasMoved
    this.#hasMoved = false
    return isSilent
  }

  /** Ends it, for this reason if for none of its own. Nobody waits until the other side agrees. */
  stop(reason: unknown): void {
    this.#end ??= { error: reason }
    this.#call()
    this.#body.return?.().catch(() => undefined)
  }

  async #readOn(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      while (this.#bytes < plentyBytes && this.#end === undefined) {
        const next = await this.#body.next()
        this.#hasMoved = true
        if (next.done === true) this.#end ??= {}
        else {
          this.#chunks.push(next.value)
          this.#bytes += next.value.length
        }
        if (this.#bytes >= plentyBytes) this.#call()
      }
    } catch (error) {
      this.#end ??= { error }
    }
    this.#isReading = false
    if (this.#end !== undefined) this.#call()
  }

  #call(): void {
    const callback = this.#whenSome
    this.#whenSome = undefined
    callback?.()
  }
}
