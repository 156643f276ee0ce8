import { createRandom } from "./random.ts"

interface Timer {
  readonly at: number
  readonly order: number
  /** `undefined` after cancellation, so that its closure can be freed. */
  run: (() => void) | undefined
}

/** Turns of the event loop before the clock jumps: streams and fibers need a few each. */
const turnsUntilQuiet = 4

/** When virtual time starts. Epoch milliseconds. */
const beginning = Date.parse("2026-01-01T00:00:00Z")

/**
 * A clock that jumps to the next timer when nothing else is left to do. While `run` runs, it replaces the process's own (`setTimeout`, `Date`, `performance.now`, `process.hrtime`), so that any library can be measured over
 * hours. `Math.random` is seeded, so that jitter is the same each time.
 */
export class VirtualTime {
  #now = beginning
  #order = 0
  readonly #timers = new TimerHeap()

  get now(): number {
    return this.#now
  }

  readonly sleep = (ms: number): Promise<void> => new Promise((resolve) => this.#add(resolve, ms))

  async run<A>(program: () => Promise<A>): Promise<A> {
    const restore = this.#install()
    try {
      let isDone = false
      const result = program().finally(() => {
        isDone = true
      })
      // The caller receives the failure; here it only ends the loop.
      result.catch(() => undefined)
      while (true) {
        for (let turn = 0; turn < turnsUntilQuiet; turn++) await realTurn()
        if (isDone) return await result
        this.#jump()
      }
    } finally {
      restore()
    }
  }

  #jump(): void {
    const first = this.#timers.pop()
    if (first === undefined) throw new Error("no timer is left, and the program hasn't ended")
    this.#now = Math.max(this.#now, first.at)
    for (
      let timer: Timer | undefined = first;
      timer !== undefined;
      timer = this.#timers.popUntil(this.#now)
    ) {
      timer.run?.()
    }
  }

  #add(run: () => void, ms: number | undefined): Timer {
    // Whole milliseconds, like the process's own timers.
    const at = this.#now + Math.max(1, Math.ceil(ms ?? 0))
    const timer: Timer = { at, order: this.#order++, run }
    this.#timers.push(timer)
    return timer
  }

  #install(): () => void {
    const real = {
      setTimeout: globalThis.setTimeout,
      clearTimeout: globalThis.clearTimeout,
      Date: globalThis.Date,
      now: performance.now.bind(performance),
      hrtime: process.hrtime.bigint.bind(process.hrtime),
      random: Math.random,
    }
    const currentTime = () => this.#now
    const handles = new Map<number, Timer>()
    const setVirtual = (
      run: (...values: ReadonlyArray<unknown>) => void,
      ms?: number,
      ...values: Array<unknown>
    ) => {
      const timer = this.#add(() => {
        handles.delete(timer.order)
        run(...values)
      }, ms)
      handles.set(timer.order, timer)
      return createTimerHandle(timer.order)
    }
    const clearVirtual = (handle: unknown) => {
      const timer = handles.get(Number(handle))
      if (timer !== undefined) timer.run = undefined
      handles.delete(Number(handle))
    }
    class VirtualDate extends real.Date {
      constructor(value?: number | string) {
        super(value ?? currentTime())
      }
      static override now(): number {
        return currentTime()
      }
    }
    Object.assign(globalThis, { setTimeout: setVirtual, clearTimeout: clearVirtual, Date: VirtualDate })
    performance.now = () => this.#now - beginning
    process.hrtime.bigint = () => BigInt(this.#now - beginning) * 1_000_000n
    Math.random = createRandom(1)
    return () => {
      Object.assign(globalThis, {
        setTimeout: real.setTimeout,
        clearTimeout: real.clearTimeout,
        Date: real.Date,
      })
      performance.now = real.now
      process.hrtime.bigint = real.hrtime
      Math.random = real.random
    }
  }
}

/** The part of Node's timer handle that libraries use. */
const createTimerHandle = (order: number) => {
  const handle = {
    ref: () => handle,
    unref: () => handle,
    hasRef: () => true,
    [Symbol.toPrimitive]: () => order,
  }
  return handle
}

const realImmediate = globalThis.setImmediate
const realTurn = (): Promise<void> => new Promise((resolve) => realImmediate(resolve))

/** A binary heap: the earliest timer first, ties in the order of creation. */
class TimerHeap {
  readonly #timers: Array<Timer> = []

  push(timer: Timer): void {
    const timers = this.#timers
    let index = timers.push(timer) - 1
    while (index > 0) {
      const above = (index - 1) >> 1
      if (!isBefore(timer, timers[above])) break
      this.#swap(index, above)
      index = above
    }
  }

  pop(): Timer | undefined {
    const timers = this.#timers
    const first = timers[0]
    const last = timers.pop()
    if (last === undefined || first === last) return first
    timers[0] = last
    let index = 0
    while (true) {
      const left = 2 * index + 1
      const least = isBefore(timers[left + 1], timers[left]) ? left + 1 : left
      if (!isBefore(timers[least], last)) return first
      this.#swap(index, least)
      index = least
    }
  }

  popUntil(at: number): Timer | undefined {
    const first = this.#timers[0]
    return first !== undefined && first.at <= at ? this.pop() : undefined
  }

  #swap(one: number, other: number): void {
    const timers = this.#timers
    const [a, b] = [timers[one], timers[other]]
    if (a === undefined || b === undefined) return
    timers[one] = b
    timers[other] = a
  }
}

const isBefore = (one: Timer | undefined, other: Timer | undefined): boolean =>
  one !== undefined &&
  (other === undefined || one.at < other.at || (one.at === other.at && one.order < other.order))
