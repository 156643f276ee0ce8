import type { CallAborted } from "./CallAborted.ts"

/** What an iterator runs on: begun with the first `next()`, ended with the last. */
export interface Source<A> {
  readonly next: () => Promise<IteratorResult<A, undefined>>
  /** Ends what was begun. It is not waited for. */
  readonly end: () => void
}

type Result<A> = IteratorResult<A, undefined>

interface Waiter<A> {
  readonly resolve: (result: Result<A>) => void
  readonly reject: (error: unknown) => void
}

/**
 * An async iterable of a call, for one loop. Unlike a generator it ends at once, also while a `next()` is pending: by
 * `return()`, which leaving a loop calls, or from outside by `abort`.
 */
export class CallIterator<A> implements AsyncIterableIterator<A, undefined>, AsyncDisposable {
  readonly #open: (iterator: CallIterator<A>) => Promise<Source<A>>
  #source: Promise<Source<A>> | undefined
  /** One pull after another: a source has no use for two at once. */
  #turn: Promise<unknown> = Promise.resolve()
  readonly #waiters = new Set<Waiter<A>>()
  #hasEnded = false
  /** What the next `next()` rejects with, if none was pending when it was aborted. */
  #error: CallAborted | undefined

  constructor(open: (iterator: CallIterator<A>) => Promise<Source<A>>) {
    this.#open = open
  }

  next(): Promise<Result<A>> {
    if (this.#hasEnded) {
      const error = this.#error
      this.#error = undefined
      return error === undefined ? Promise.resolve(end) : Promise.reject(error)
    }
    const pulling = this.#turn.then(() => this.#pull())
    this.#turn = pulling.catch(() => undefined)
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject }
      this.#waiters.add(waiter)
      // It must have left before its caller continues.
      const settled = pulling.finally(() => this.#waiters.delete(waiter))
      void settled.then(resolve, reject)
    })
  }

  return(): Promise<Result<A>> {
    this.#end()
    return Promise.resolve(end)
  }

  throw(error: unknown): Promise<Result<A>> {
    this.#end()
    return Promise.reject(error)
  }

  /** Ends it with an error: that of the pending `next()`, or of the one to come. */
  abort(error: CallAborted): void {
    if (this.#hasEnded) return
    if (this.#waiters.size === 0) this.#error = error
    for (const { reject } of this.#waiters) reject(error)
    this.#end()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  async #pull(): Promise<Result<A>> {
    if (this.#hasEnded) return end
    try {
      this.#source ??= this.#open(this)
      const result = await (await this.#source).next()
      if (result.done === true) this.#end()
      return result
    } catch (error) {
      // The one that waits for it gets the error itself.
      this.#hasEnded = true
      this.#endSource()
      throw error
    }
  }

  #end(): void {
    this.#hasEnded = true
    for (const { resolve } of this.#waiters) resolve(end)
    this.#waiters.clear()
    this.#endSource()
  }

  #endSource(): void {
    const source = this.#source
    this.#source = undefined
    void source?.then(
      ({ end }) => end(),
      () => undefined,
    )
  }
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined }
