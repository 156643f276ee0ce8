import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { ScenarioServices } from "../Scenario.ts"
import { CallAborted } from "./CallAborted.ts"
import { CallIterator, type Source } from "./CallIterator.ts"
import { CallRecord } from "./CallRecord.ts"
import { CallSite } from "./CallSite.ts"
import { checkSignal } from "./checkOptions.ts"
import { type Services, ServicesPool } from "./ServicesPool.ts"

export interface CallOptions {
  /** Ends the call with `CallAborted`, which carries the job. It never cancels a job. Default: none. */
  readonly signal?: AbortSignal | null | undefined
}

/** How long an aborted call may take to end. After that, it rejects while its work continues. Milliseconds. */
const graceMs = 1_500

/** Milliseconds. */
const maxCloseMs = 1_900

type AnyExit<A, E> = Exit.Exit<A, E>

/** Runs effects as promises and streams as async iterables, over one set of services. */
export class PromiseRuntime {
  readonly #pool: ServicesPool
  /** Ends the running calls, and reports when they have ended. */
  readonly #calls = new Map<(reason: Error) => void, Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(layer: Layer.Layer<ScenarioServices>) {
    this.#pool = new ServicesPool(layer)
  }

  /**
   * Rejects with the typed error, or with `CallAborted`. Its stack contains the caller. `make` throws if an option is wrong, and
   * records what an abort must not lose.
   */
  async run<A, E>(
    make: (record: CallRecord) => Effect.Effect<A, E, ScenarioServices>,
    call: CallOptions = {},
  ): Promise<A> {
    const site = new CallSite()
    const record = new CallRecord()
    const signal = checkSignal(call)
    const effect = make(record)
    this.#refuseIfClosed()
    if (signal?.aborted === true) throw new CallAborted(record, signal.reason)
    const { services, leave } = this.#pool.enter()
    const controller = new AbortController()
    const abort = (reason: unknown) => controller.abort(reason)
    const onAbort = () => abort(signal?.reason)
    signal?.addEventListener("abort", onAbort, { once: true })
    const running = runWithGrace(services, effect, controller.signal)
    this.#calls.set(abort, running)
    const exit = await running
    this.#calls.delete(abort)
    signal?.removeEventListener("abort", onAbort)
    leave()
    if (exit !== undefined && Exit.isSuccess(exit)) return exit.value
    throw site.addTo(toError(exit, record, controller.signal.reason))
  }

  /** Starts at the first `next()`, and ends at once when the loop is left. */
  iterate<A, E>(
    make: (record: CallRecord) => Effect.Effect<Stream.Stream<A, E>, E, ScenarioServices>,
    call: CallOptions = {},
  ): CallIterator<A> {
    const site = new CallSite()
    const open = async (iterator: CallIterator<A>): Promise<Source<A>> => {
      const record = new CallRecord()
      const signal = checkSignal(call)
      const stream = make(record)
      this.#refuseIfClosed()
      if (signal?.aborted === true) throw new CallAborted(record, signal.reason)
      const { services, leave } = this.#pool.enter()
      const abort = (reason: unknown) => {
        const aborted = new CallAborted(record, reason)
        site.addTo(aborted)
        iterator.abort(aborted)
      }
      const onAbort = () => abort(signal?.reason)
      signal?.addEventListener("abort", onAbort, { once: true })
      const context = await services.context()
      const items = Stream.toAsyncIterableWith(Stream.unwrap(stream), context)[Symbol.asyncIterator]()
      let markEnded: () => void = () => undefined
      this.#calls.set(abort, new Promise<void>((resolve) => (markEnded = resolve)))
      return {
        next: () =>
          items.next().then(
            (result) => (result.done === true ? { done: true, value: undefined } : result),
            (error: unknown) => Promise.reject(site.addTo(record.callbackFailed ?? error)),
          ),
        end: () => {
          this.#calls.delete(abort)
          signal?.removeEventListener("abort", onAbort)
          leave()
          void Promise.resolve(items.return?.()).then(markEnded, markEnded)
        },
      }
    }
    return new CallIterator((iterator) =>
      open(iterator).catch((error: unknown) => Promise.reject(site.addTo(error))),
    )
  }

  /** Ends all calls within two seconds. A submit that was sent continues until its job is known. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const ending = [...this.#calls.values()]
    const reason = makeClosedError()
    for (const abort of this.#calls.keys()) abort(reason)
    const disposed = Promise.allSettled(ending).then(() => this.#pool.dispose())
    await atMost(maxCloseMs, disposed)
  }

  #refuseIfClosed(): void {
    if (this.#closing !== undefined) throw makeClosedError()
  }
}

/** `undefined` if the effect didn't end within the grace period after an abort. */
const runWithGrace = <A, E>(
  services: Services,
  effect: Effect.Effect<A, E, ScenarioServices>,
  signal: AbortSignal,
): Promise<AnyExit<A, E> | undefined> =>
  new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const onAbort = () => {
      timer = setTimeout(() => resolve(undefined), graceMs)
    }
    signal.addEventListener("abort", onAbort, { once: true })
    services
      .runPromiseExit(effect, { signal })
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })

const toError = (
  exit: Exit.Failure<unknown, unknown> | undefined,
  record: CallRecord,
  reason: unknown,
): unknown => {
  if (record.callbackFailed !== undefined) return record.callbackFailed
  if (exit === undefined || Cause.hasInterruptsOnly(exit.cause)) return new CallAborted(record, reason)
  return Cause.squash(exit.cause)
}

const atMost = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work.catch(() => undefined), limit])
  clearTimeout(timer)
}

const makeClosedError = (): Error =>
  new Error("This scenario was closed. Create another one with createScenario.")
