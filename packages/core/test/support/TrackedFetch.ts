import { setImmediate } from "node:timers/promises"

/** After this many rounds of the event loop with nothing in flight, everything waits for a clock. */
const quietRounds = 4
/** After this many rounds, requests in flight count as hanging: only the clock can end them. */
const maxRounds = 2_000

/** A fetch that counts its unfinished responses. */
export class TrackedFetch {
  #pending = 0
  /** The pending ones that only the clock can end. */
  #hanging = 0
  readonly fetch: typeof globalThis.fetch

  constructor(fetch: typeof globalThis.fetch) {
    this.fetch = async (input, init) => {
      this.#pending += 1
      let hasEnded = false
      const end = () => {
        if (!hasEnded) this.#pending -= 1
        hasEnded = true
      }
      try {
        const response = await fetch(input, init)
        if (response.body === null) {
          end()
          return response
        }
        return new Response(notifyAtEnd(response.body, end), response)
      } catch (error) {
        end()
        throw error
      }
    }
  }

  /** Resolves when everything waits for a clock. */
  async settle(): Promise<void> {
    let quiet = 0
    for (let round = 0; quiet < quietRounds && round < maxRounds; round++) {
      await setImmediate()
      this.#hanging = Math.min(this.#hanging, this.#pending)
      quiet = this.#pending === this.#hanging ? quiet + 1 : 0
    }
    this.#hanging = this.#pending
  }
}

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
