/** One submit of this process, from its sending until its job is known. */
export interface OngoingSubmit {
  /** Same path, same body: indistinguishable from each other by what Scenario echoes. */
  readonly fingerprint: string
  isLost: boolean
}

/**
 * What the submits of this process know of each other, so that none takes another's job for its own: which jobs have an
 * owner, which submits are still under way, which author id is ours.
 */
export class SubmitRegistry {
  readonly #claimed = new Set<string>()
  readonly #ongoing = new Set<OngoingSubmit>()
  authorId: string | undefined

  begin(fingerprint: string): OngoingSubmit {
    const submit: OngoingSubmit = { fingerprint, isLost: false }
    this.#ongoing.add(submit)
    return submit
  }

  end(submit: OngoingSubmit): void {
    this.#ongoing.delete(submit)
  }

  isClaimed(jobId: string): boolean {
    return this.#claimed.has(jobId)
  }

  /** False where somebody else was first. */
  claim(jobId: string): boolean {
    if (this.#claimed.has(jobId)) return false
    this.#claimed.add(jobId)
    const oldest = this.#claimed.values().next().value
    // A job is listed in the window of a lost submit for minutes; ten thousand submits take longer than that.
    if (this.#claimed.size > 10_000 && oldest !== undefined) this.#claimed.delete(oldest)
    return true
  }

  /**
   * Whether so many matching jobs can be shared out among the lost submits that are alike. While one like them still
   * waits for its answer, a match can be its job.
   */
  canAdopt(submit: OngoingSubmit, matches: number): boolean {
    const alike = [...this.#ongoing].filter((other) => other.fingerprint === submit.fingerprint)
    return matches > 0 && alike.every((other) => other.isLost) && matches <= alike.length
  }
}
