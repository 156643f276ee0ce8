import type { Wait } from "./Wait.ts"

/** Everybody who waits, by job. Whoever is met while going through them may be taken out. */
export class Waits {
  readonly #byJob = new Map<string, Wait>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The waits for one job. */
  *of(jobId: string): Generator<Wait> {
    for (let wait = this.#byJob.get(jobId); wait !== undefined; wait = wait.sibling) yield wait
  }

  *[Symbol.iterator](): Generator<Wait> {
    for (const first of this.#byJob.values()) {
      for (let wait: Wait | undefined = first; wait !== undefined; wait = wait.sibling) yield wait
    }
  }

  has(jobId: string): boolean {
    return this.#byJob.has(jobId)
  }

  add(wait: Wait): void {
    wait.sibling = this.#byJob.get(wait.job.jobId)
    this.#byJob.set(wait.job.jobId, wait)
    this.#size += 1
  }

  /** Does nothing for one that has gone already. */
  delete(wait: Wait): void {
    if (!this.#holds(wait)) return
    const left = [...this.of(wait.job.jobId)].filter((other) => other !== wait)
    left.forEach((other, index) => {
      other.sibling = left[index + 1]
    })
    const first = left[0]
    if (first === undefined) this.#byJob.delete(wait.job.jobId)
    else this.#byJob.set(wait.job.jobId, first)
    this.#size -= 1
  }

  #holds(wait: Wait): boolean {
    for (const other of this.of(wait.job.jobId)) if (other === wait) return true
    return false
  }
}
