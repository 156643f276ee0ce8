/**
 * Knows whether a submit may have left this machine without a response: then a job can exist. Core doesn't say so to a
 * caller that is interrupted.
 */
export class RequestTracker {
  #isArmed = false
  #isInDoubt = false

  /** From now on a request that isn't a read is the submit. */
  arm(): void {
    this.#isArmed = true
  }

  get isInDoubt(): boolean {
    return this.#isInDoubt
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const isSubmit = this.#isArmed && init?.method !== undefined && init.method !== "GET"
    if (!isSubmit) return fetch(input, init)
    this.#isInDoubt = true
    const response = await fetch(input, init).catch((error: unknown) => {
      if (isBeforeSending(error)) this.#isInDoubt = false
      throw error
    })
    const isRefused = response.status >= 400 && response.status < 500 && response.status !== 408
    if (isRefused) this.#isInDoubt = false
    return response
  }
}

/** No connection came about, so nothing was sent. */
const isBeforeSending = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined
  return code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN"
}
