import { setImmediate } from "node:timers/promises"

/** Rounds of the event loop without anything in flight after which nothing more will happen by itself. */
const quietRounds = 4
/** Rounds after which something in flight is taken for hanging, so that only the clock can end it. */
const maxRounds = 2_000

/** A fetch that knows how many of its answers have not ended yet. */
export class TrackedFetch {
  #pending = 0
  /** Those among them that only the clock can end. */
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
        return new Response(ending(response.body, end), response)
      } catch (error) {
        end()
        throw error
      }
    }
  }

  /** Resolves when everything waits for a clock. */
  async settled(): Promise<void> {
    let quiet = 0
    for (let round = 0; quiet < quietRounds && round < maxRounds; round++) {
      await setImmediate()
      this.#hanging = Math.min(this.#hanging, this.#pending)
      quiet = this.#pending === this.#hanging ? quiet + 1 : 0
    }
    this.#hanging = this.#pending
  }
}

/** The same bytes; `end` is called when they are through, broken off or no longer wanted. */
const ending = (body: ReadableStream<Uint8Array>, end: () => void): ReadableStream<Uint8Array> => {
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
