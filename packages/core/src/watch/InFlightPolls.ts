import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { Job } from "../api/Job.ts"
import type { ApiError } from "../errors.ts"

/** A poll in flight, and how many callers wait for it. */
interface InFlightPoll {
  readonly fiber: Fiber.Fiber<Job, ApiError>
  sharers: number
}

type SendPoll = (jobId: string, onSend: Effect.Effect<void>) => Effect.Effect<Job, ApiError>

/** Polls of single jobs, each sent once: concurrent calls for the same job share one request. */
export class InFlightPolls {
  readonly #polls = new Map<string, InFlightPoll>()
  readonly #scope: Scope.Scope
  readonly #send: SendPoll

  constructor(scope: Scope.Scope, send: SendPoll) {
    this.#scope = scope
    this.#send = send
  }

  /** `onSend` runs when the request is sent, or at once if it already was. */
  poll(jobId: string, onSend: Effect.Effect<void> = Effect.void): Effect.Effect<Job, ApiError> {
    const join = Effect.suspend(() => {
      const poll = this.#polls.get(jobId)
      if (poll === undefined) return this.#begin(jobId, onSend)
      poll.sharers += 1
      return Effect.as(onSend, poll)
    })
    return Effect.acquireUseRelease(
      join,
      ({ fiber }) => Fiber.join(fiber),
      (poll) => this.#leave(jobId, poll),
    )
  }

  #begin(jobId: string, onSend: Effect.Effect<void>): Effect.Effect<InFlightPoll> {
    return Effect.map(Effect.forkIn(this.#send(jobId, onSend), this.#scope), (fiber) => {
      const poll: InFlightPoll = { fiber, sharers: 1 }
      this.#polls.set(jobId, poll)
      return poll
    })
  }

  /** The last caller to leave ends the request; a later one sends a new one. */
  #leave(jobId: string, poll: InFlightPoll): Effect.Effect<void> {
    return Effect.suspend(() => {
      poll.sharers -= 1
      if (poll.sharers > 0) return Effect.void
      if (this.#polls.get(jobId) === poll) this.#polls.delete(jobId)
      return Fiber.interrupt(poll.fiber)
    })
  }
}
