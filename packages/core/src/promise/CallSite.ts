/** Where a call was made. Its error is created later, in code that the caller doesn't know, and would not show it. */
export class CallSite {
  readonly #here = new Error("call site")

  constructor() {
    // Without the frames of this class. Older browsers don't have the function.
    Error.captureStackTrace?.(this.#here, CallSite)
  }

  /** Adds the caller's frames to the stack of an error, and returns it. */
  addTo(error: unknown): unknown {
    if (!(error instanceof Error) || extended.has(error)) return error
    extended.add(error)
    const own = error.stack ?? ""
    const isKnown = new Set(readFrames(own).map(toSynchronous))
    const frames = readFrames(this.#here.stack).filter((frame) => !isKnown.has(frame))
    Reflect.defineProperty(error, "stack", {
      value: [own, ...frames].join("\n"),
      configurable: true,
      writable: true,
    })
    return error
  }
}

/** Several calls can reject with the same error. */
const extended = new WeakSet<Error>()

/** The lines of a stack, without the error's name and message, in the format of V8 or the one of other engines. */
const readFrames = (stack = ""): ReadonlyArray<string> =>
  stack.split("\n").filter((line) => /^\s+at /.test(line) || /^[^\s:]*@/.test(line))

const toSynchronous = (frame: string): string => frame.replace(" at async ", " at ")
