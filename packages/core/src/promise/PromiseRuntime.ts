import { Cause, type Effect, Exit, type Layer, ManagedRuntime, Stream } from "effect"
import type { ScenarioServices } from "../Scenario.ts"

export interface CallOptions {
  /** Ends the call with an `AbortError`. It never cancels a job. */
  readonly signal?: AbortSignal | undefined
}

/** Runs effects as promises and streams as async iterables, over one set of services. */
export class PromiseRuntime {
  readonly #runtime: ManagedRuntime.ManagedRuntime<ScenarioServices, never>

  #isClosed = false

  constructor(layer: Layer.Layer<ScenarioServices>) {
    this.#runtime = ManagedRuntime.make(layer)
  }

  /** Rejects with the typed error itself, or with an `AbortError`. */
  async run<A, E>(effect: Effect.Effect<A, E, ScenarioServices>, call: CallOptions = {}): Promise<A> {
    const { signal } = call
    if (this.#isClosed) throw closedError()
    if (signal?.aborted === true) throw abortError(signal.reason)
    const exit = await this.#runtime.runPromiseExit(effect, signal === undefined ? undefined : { signal })
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.hasInterruptsOnly(exit.cause) ? abortError(signal?.reason) : Cause.squash(exit.cause)
  }

  /** Nothing begins before the first `next()`; leaving the loop ends what was begun. */
  async *iterate<A, E>(
    stream: Effect.Effect<Stream.Stream<A, E>, never, ScenarioServices>,
  ): AsyncGenerator<A, void, undefined> {
    if (this.#isClosed) throw closedError()
    const services = await this.#runtime.context()
    yield* Stream.toAsyncIterableWith(Stream.unwrap(stream), services)
  }

  close(): Promise<void> {
    this.#isClosed = true
    return this.#runtime.dispose()
  }
}

const closedError = (): Error =>
  new Error("This scenario was closed. Create another one with createScenario.")

/** What `fetch` rejects with, so that one check serves both. */
const abortError = (reason: unknown): DOMException =>
  reason instanceof DOMException && reason.name === "AbortError"
    ? reason
    : new DOMException("The call was aborted; a job that was submitted goes on.", {
        name: "AbortError",
        cause: reason,
      })
