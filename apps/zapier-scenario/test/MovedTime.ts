import { performance } from "node:perf_hooks"
import process from "node:process"
import { vi } from "vitest"

// Taken before anything is replaced.
const wallTimeout = globalThis.setTimeout
const realHrtime = process.hrtime.bigint.bind(process.hrtime)
const loopUse = performance.eventLoopUtilization.bind(performance)

/** Real milliseconds between two questions whether anything happens, and how many of them have to be answered by no. */
const gapMs = 3
const quietGaps = 3
/** Of a gap, in which asking itself is all that happens. */
const askingMs = 1

/**
 * Time that passes only while everything waits for it, and then at once: the app's clock, the simulator's and Zapier's, which
 * share this process. Sockets are real; so it waits until the event loop has had nothing to do for a while.
 */
export class MovedTime implements Disposable {
  #waiting = 0
  #isMoving = false

  constructor() {
    vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
    })
    // Effect keeps `process.hrtime` from its start, so a replaced one is never asked: only its `bigint` is.
    process.hrtime.bigint = () => BigInt(Math.round(globalThis.performance.now() * 1e6))
  }

  /** Time passes for as long as this is under way. */
  async during<A>(running: Promise<A>): Promise<A> {
    this.#waiting += 1
    void this.#move()
    try {
      return await running
    } finally {
      this.#waiting -= 1
    }
  }

  sleep(milliseconds: number): Promise<void> {
    return this.during(new Promise((resolve) => setTimeout(resolve, milliseconds)))
  }

  async #move(): Promise<void> {
    if (this.#isMoving) return
    this.#isMoving = true
    while (this.#waiting > 0) {
      await nothingHappens()
      if (this.#waiting > 0) await vi.advanceTimersToNextTimerAsync()
    }
    this.#isMoving = false
  }

  [Symbol.dispose](): void {
    process.hrtime.bigint = realHrtime
    vi.useRealTimers()
  }
}

/** Work of other threads, which the event loop does not know of: files, names, compression. */
const workElsewhere = /^(FS|GetAddrInfo|ZLIB|TCPConnect|.*WriteWrap)/i

const nothingHappens = async (): Promise<void> => {
  let before = loopUse()
  for (let quiet = 0; quiet < quietGaps;) {
    await new Promise((resolve) => wallTimeout(resolve, gapMs))
    const now = loopUse()
    const isQuiet =
      loopUse(now, before).active < askingMs &&
      !process.getActiveResourcesInfo().some((name) => workElsewhere.test(name))
    quiet = isQuiet ? quiet + 1 : 0
    before = now
  }
}
