import { Effect, Fiber, type Scope } from "effect"
import type { Job } from "../api/Job.ts"
import type { ApiError } from "../errors.ts"

/** A look that is under way, and how many wait for it. */
interface OngoingLook {
  readonly fiber: Fiber.Fiber<Job, ApiError>
  sharers: number
}

type FetchJob = (jobId: string, onSend: Effect.Effect<void>) => Effect.Effect<Job, ApiError>

/** Looks at single jobs, each sent once: who asks for a job that is being looked at shares the answer. */
export class SharedLooks {
  readonly #ongoing = new Map<string, OngoingLook>()
  readonly #scope: Scope.Scope
  readonly #fetchJob: FetchJob

  constructor(scope: Scope.Scope, fetchJob: FetchJob) {
    this.#scope = scope
    this.#fetchJob = fetchJob
  }

  /** `onSend` runs when the request leaves, or at once where it has left already. */
  look(jobId: string, onSend: Effect.Effect<void> = Effect.void): Effect.Effect<Job, ApiError> {
    const join = Effect.suspend(() => {
      const ongoing = this.#ongoing.get(jobId)
      if (ongoing === undefined) return this.#begin(jobId, onSend)
      ongoing.sharers += 1
      return Effect.as(onSend, ongoing)
    })
    return Effect.acquireUseRelease(
      join,
      ({ fiber }) => Fiber.join(fiber),
      (look) => this.#leave(jobId, look),
    )
  }

  #begin(jobId: string, onSend: Effect.Effect<void>): Effect.Effect<OngoingLook> {
    return Effect.map(Effect.forkIn(this.#fetchJob(jobId, onSend), this.#scope), (fiber) => {
      const look: OngoingLook = { fiber, sharers: 1 }
      this.#ongoing.set(jobId, look)
      return look
    })
  }

  /** The last one to go away ends the request, and who comes after begins a new one. */
  #leave(jobId: string, look: OngoingLook): Effect.Effect<void> {
    return Effect.suspend(() => {
      look.sharers -= 1
      if (look.sharers > 0) return Effect.void
      this.#ongoing.delete(jobId)
      return Fiber.interrupt(look.fiber)
    })
  }
}
