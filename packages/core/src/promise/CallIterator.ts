import type { CallAborted } from "./CallAborted.ts"

/** The source of an iterator, from its first `next()` to its end. */
export interface Source<A> {
  readonly next: () => Promise<IteratorResult<A, undefined>>
  /** Stops the source. It isn't awaited. */
  readonly end: () => void
}

type Result<A> = IteratorResult<A, undefined>

interface Waiter<A> {
  readonly resolve: (result: Result<A>) => void
  readonly reject: (error: unknown) => void
}

/**
 * An async iterable of a call, for one loop. Unlike a generator, it ends at once even if a `next()` is pending: by `return()`,
 * which leaving a loop calls, or by `abort`.
 */
export class CallIterator<A> implements AsyncIterableIterator<A, undefined>, AsyncDisposable {
  readonly #open: (iterator: CallIterator<A>) => Promise<Source<A>>
  #source: Promise<Source<A>> | undefined
  /** Pulls are made one after another. */
  #turn: Promise<unknown> = Promise.resolve()
  readonly #waiters = new Set<Waiter<A>>()
  #hasEnded = false
  /** If no `next()` was pending when it was aborted, the following one rejects with this. */
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
      // It must be removed before its caller continues.
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

  /** Ends it. The pending `next()`, or else the following one, rejects with the error. */
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
      // `next()` rejects with the error.
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
