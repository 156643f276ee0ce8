import type { Wait } from "./Wait.ts"

/** All waits, by job. A wait may be deleted during iteration. */
export class WaitRegistry {
  readonly #byJob = new Map<string, Wait>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The waits for one job. */
  *forJob(jobId: string): Generator<Wait> {
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

  /** Does nothing if it was deleted before. */
  delete(wait: Wait): void {
    const { jobId } = wait.job
    let before: Wait | undefined
    for (const other of this.forJob(jobId)) {
      if (other === wait) {
        if (before !== undefined) before.sibling = wait.sibling
        else if (wait.sibling === undefined) this.#byJob.delete(jobId)
        else this.#byJob.set(jobId, wait.sibling)
        this.#size -= 1
        return
      }
      before = other
    }
  }
}
