import { performance } from "node:perf_hooks"
import process from "node:process"
import { vi } from "vitest"

const wallTimeout = globalThis.setTimeout
const realHrtime = process.hrtime.bigint.bind(process.hrtime)
const loopUse = performance.eventLoopUtilization.bind(performance)

/** Real milliseconds between two checks whether the event loop is idle, and the number of idle checks in a row. */
const gapMs = 3
const quietGaps = 3
/** The check itself takes less than this. */
const checkMs = 1

/**
 * Virtual time for the app, the simulator, and Zapier, which share this process. It advances when everything waits for a timer.
 * Sockets are real, so it first waits until the event loop is idle for a while.
 */
export class MovedTime implements Disposable {
  #waiting = 0
  #isMoving = false

  constructor() {
    vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
    })
    // Effect keeps a reference to `process.hrtime`, so only its `bigint` can be replaced.
    process.hrtime.bigint = () => BigInt(Math.round(globalThis.performance.now() * 1e6))
  }

  /** Advances time until the promise settles. */
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

  get #mustMove(): boolean {
    // Another test's time may have ended meanwhile, and with it the timers of this one.
    return this.#waiting > 0 && vi.isFakeTimers()
  }

  async #move(): Promise<void> {
    if (this.#isMoving) return
    this.#isMoving = true
    while (this.#mustMove) {
      await waitUntilIdle()
      if (this.#mustMove) await vi.advanceTimersToNextTimerAsync()
    }
    this.#isMoving = false
  }

  [Symbol.dispose](): void {
    process.hrtime.bigint = realHrtime
    vi.useRealTimers()
  }
}

/** Work of other threads, which the event loop doesn't count. */
const workElsewhere = /^(FS|GetAddrInfo|ZLIB|TCPConnect|.*WriteWrap)/i

const waitUntilIdle = async (): Promise<void> => {
  let before = loopUse()
  for (let quiet = 0; quiet < quietGaps;) {
    await new Promise((resolve) => wallTimeout(resolve, gapMs))
    const now = loopUse()
    const isQuiet =
      loopUse(now, before).active < checkMs &&
      !process.getActiveResourcesInfo().some((name) => workElsewhere.test(name))
    quiet = isQuiet ? quiet + 1 : 0
    before = now
  }
}
