/** Ctrl-C, `kill`, and a closed terminal. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/** The code that shells use for an interrupted command. */
const interruptedCode = 130

let interrupt: (() => void) | undefined
let explain: (() => void) | undefined = () => console.error("Stopped before anything was submitted.")
const listeners = new Set<() => void>()
let isStopping = false

/**
 * The first signal interrupts the program, which then cleans up. A second one, or one before the program runs, ends the process
 * at once. Either way, a message says what was submitted and how to continue.
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

/** Sets the message for a signal. `undefined`: everything was printed. */
export const setExplanation = (action: (() => void) | undefined): void => {
  explain = action
}

/** Prints the message, once. */
export const explainStop = (): void => {
  const action = explain
  explain = undefined
  action?.()
}

/** Whether a signal has arrived. */
export const hasStopped = (): boolean => isStopping

/** Calls the listener at the first signal. Returns a function that removes it. */
export const onStopping = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
