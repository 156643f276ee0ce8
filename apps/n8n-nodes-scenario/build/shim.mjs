// What Effect reads of `globalThis`, and timers over n8n's own `sleep`. Injected by bundle.mjs.
import { sleep } from "n8n-workflow"

/** A stopped timer sleeps at most this much longer, in milliseconds. */
const maxSleepMs = 1_000

const run = async (timer, callback, ms, args) => {
  const deadline = performance.now() + ms
  for (let left = ms; ; left = deadline - performance.now()) {
    await sleep(Math.max(0, Math.min(left, maxSleepMs)))
    if (timer.isStopped) return
    if (performance.now() >= deadline) break
  }
  callback(...args)
}

export const startTimeout = (callback, ms = 0, ...args) => {
  const timer = {
    isStopped: false,
    ref: () => timer,
    unref: () => timer,
    hasRef: () => true,
    [Symbol.toPrimitive]: () => 0,
  }
  void run(timer, callback, ms, args)
  return timer
}

export const stopTimeout = (timer) => {
  if (timer !== undefined && timer !== null) timer.isStopped = true
}

export const startInterval = (callback, ms = 0, ...args) => {
  const timer = startTimeout(() => {}, 0)
  const again = async () => {
    while (!timer.isStopped) await run(timer, callback, ms, args)
  }
  void again()
  return timer
}

export const shimmedGlobals = {
  Array,
  BigInt,
  Blob,
  Boolean,
  Buffer,
  Date,
  Error,
  File,
  FinalizationRegistry,
  FormData,
  Headers,
  Map,
  Math,
  Number,
  Object,
  RangeError,
  ReadableStream,
  RegExp,
  Response,
  Set,
  String,
  Symbol,
  URL,
  URLSearchParams,
  Uint8Array,
  console,
  crypto,
  decodeURIComponent,
  fetch,
  performance,
  setTimeout: startTimeout,
  clearTimeout: stopTimeout,
  setInterval: startInterval,
  clearInterval: stopTimeout,
}
