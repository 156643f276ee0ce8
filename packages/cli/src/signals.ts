/** Ctrl-C, `kill`, and a terminal that was closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/** As shells report an interrupted command. */
const interruptedCode = 130

let interrupt: (() => void) | undefined
let explain: (() => void) | undefined = () => console.error("Stopped before anything was submitted.")
const listeners = new Set<() => void>()
let isStopping = false

/**
 * The first signal interrupts the program, which then ends in order. A second one, or one before the program runs, ends the
 * process at once. Either way it says what is true and how to go on.
 */
export const handleSignals = (): void => {
  for (const signal of signals) process.on(signal, onSignal)
}

const onSignal = (): void => {
  if (isStopping || interrupt === undefined) {
    explainStop()
    process.exit(interruptedCode)
  }
  isStopping = true
  for (const listener of listeners) listener()
  interrupt()
}

/** Sets how the first signal ends the program. */
export const setInterrupt = (action: () => void): void => {
  interrupt = action
}

/** Sets what is said if a signal ends the program now. `undefined`: everything was said. */
export const setExplanation = (action: (() => void) | undefined): void => {
  explain = action
}

/** Says what is true, once. */
export const explainStop = (): void => {
  const action = explain
  explain = undefined
  action?.()
}

/** Whether a signal has come. */
export const hasStopped = (): boolean => isStopping

/** Calls the listener when the first signal comes; returns how to take it back. */
export const onStopping = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
