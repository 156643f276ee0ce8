import { setImmediate } from "node:timers/promises"
import type { Simulator } from "./Simulator.ts"

export interface VirtualTimeOptions {
  /** Moves the clock of your program: `(ms) => vi.advanceTimersByTimeAsync(ms)`. */
  readonly advance: (ms: number) => Promise<unknown>
  /** What sends your program's requests. Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** How far both clocks move at once. Milliseconds. Default 250. */
  readonly stepMs?: number | undefined
}

/**
 * Moves the clocks of a simulator and of your program together whenever both wait for time only, so that half an hour passes in a
 * moment, with real requests. Start the simulator with `clock: "stepped"`, and let your program use this `fetch`.
 */
export class VirtualTime {
  readonly fetch: typeof globalThis.fetch
  readonly #simulator: Simulator
  readonly #advance: (ms: number) => Promise<unknown>
  readonly #stepMs: number
  /** Unfinished responses. */
  #pending = 0
  /** The pending ones that only the clock can end. */
  #hanging = 0

  constructor(simulator: Simulator, { advance, fetch = globalThis.fetch, stepMs = 250 }: VirtualTimeOptions) {
    this.#simulator = simulator
    this.#advance = advance
    this.#stepMs = stepMs
    this.fetch = (input, init) => this.#track(fetch(input, init))
  }

  /** Moves both clocks until the call ends, and returns its result. */
  async run<A>(call: Promise<A>): Promise<A> {
    let hasEnded = false
    const end = (): void => {
      hasEnded = true
    }
    call.then(end, end)
    for (;;) {
      await this.#settle()
      if (hasEnded) return call
      await this.#simulator.advance(this.#stepMs)
      await this.#advance(this.#stepMs)
    }
  }

  async #track(responding: Promise<Response>): Promise<Response> {
    this.#pending += 1
    let hasEnded = false
    const end = (): void => {
      if (!hasEnded) this.#pending -= 1
      hasEnded = true
    }
    try {
      const response = await responding
      if (response.body !== null) return new Response(notifyAtEnd(response.body, end), response)
      end()
      return response
    } catch (error) {
      end()
      throw error
    }
  }

  /** Resolves when everything waits for a clock. */
  async #settle(): Promise<void> {
    let quiet = 0
    for (let round = 0; quiet < quietRounds && round < maxRounds; round++) {
      await setImmediate()
      this.#hanging = Math.min(this.#hanging, this.#pending)
      quiet = this.#pending === this.#hanging ? quiet + 1 : 0
    }
    this.#hanging = this.#pending
  }
}

/** After this many rounds of the event loop with nothing in flight, everything waits for a clock. */
const quietRounds = 4

/** After this many rounds, requests in flight count as hanging: only the clock can end them. */
const maxRounds = 2_000

/** Passes a body on, and calls `end` when it ends, fails, or is canceled. */
const notifyAtEnd = (body: ReadableStream<Uint8Array>, end: () => void): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          end()
          controller.close()
        } else {
          controller.enqueue(value)
        }
      } catch (error) {
        end()
        controller.error(error)
      }
    },
    async cancel(reason) {
      end()
      await reader.cancel(reason)
    },
  })
}
