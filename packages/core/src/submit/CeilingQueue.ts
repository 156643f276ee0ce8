import type { ApiError } from "../errors.ts"
import { type Backoff, getBackoffMs } from "../http/backoff.ts"
import { WakeableSleep } from "../utils/WakeableSleep.ts"

/** The place of a submit in a queue. */
export interface Ticket {
  readonly kind: string
  /** For errors: `POST /generate/custom/model_1`. */
  readonly request: string
  readonly order: number
  readonly sleep: WakeableSleep
  /** The queue in which it waits or sends. */
  queue: CeilingQueue | undefined
  isSending: boolean
  /** The queue that was reported to the caller. */
  reported: CeilingQueue | undefined
  /** How long it has waited at ceilings. Milliseconds. */
  waitedMs: number
}

let lastOrder = 0

export const makeTicket = (kind: string, request: string): Ticket => ({
  kind,
  request,
  order: (lastOrder += 1),
  sleep: new WakeableSleep(),
  queue: undefined,
  isSending: false,
  reported: undefined,
  waitedMs: 0,
})

/** Between attempts of the first submit in a queue. */
const probeBackoff: Backoff = { firstMs: 2_000, maxMs: 20_000, factor: 1.7 }

interface Refused {
  readonly now: number
  /** Whether it was sent although the ceiling was known to be reached. */
  readonly isProbe: boolean
  readonly jitter: number
  readonly retryAfterMs: number
}

/** The submits of one ceiling, in order. It has no clock: callers pass the time. */
export class CeilingQueue {
  /** The last refusal, as long as the ceiling seems to be reached. */
  refusal: ApiError | undefined
  readonly #maxInFlight: number
  #waiting: Array<Ticket> = []
  #inFlight = 0
  /** Jobs that have ended since. Each makes room for one submit. */
  #freed = 0
  #refusals = 1
  #nextTryAt = 0

  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight
  }

  /** Joins the queue at the place of its order. */
  enter(ticket: Ticket): void {
    if (ticket.queue === this) return
    ticket.queue?.leave(ticket)
    ticket.queue = this
    this.#insert(ticket)
  }

  /** Called when an attempt was refused. The ticket waits again, by its order. */
  putBack(ticket: Ticket): void {
    this.#inFlight -= 1
    ticket.isSending = false
    this.#insert(ticket)
    this.#wakeFirst()
  }

  leave(ticket: Ticket): void {
    if (ticket.queue !== this) return
    ticket.queue = undefined
    if (ticket.isSending) this.#inFlight -= 1
    ticket.isSending = false
    this.#waiting = this.#waiting.filter((other) => other !== ticket)
    if (this.#waiting.length === 0 && this.#inFlight === 0) this.refusal = undefined
    this.#wakeFirst()
  }

  moveTo(other: CeilingQueue, kind: string): void {
    for (const ticket of this.#waiting.filter((waiting) => waiting.kind === kind)) {
      other.enter(ticket)
      ticket.sleep.wake()
    }
  }

  isNext(ticket: Ticket, now: number): boolean {
    if (this.#waiting[0] !== ticket) return false
    if (this.refusal === undefined) return this.#inFlight < this.#maxInFlight
    return this.#inFlight === 0 && (this.#freed > 0 || now >= this.#nextTryAt)
  }

  /** When the ticket should try again if nothing wakes it. Only the first in the queue tries. */
  getNextTry(ticket: Ticket): number {
    const isFirst = this.#waiting[0] === ticket && this.#inFlight === 0
    return this.refusal !== undefined && isFirst ? this.#nextTryAt : Infinity
  }

  countAhead(ticket: Ticket): number {
    return this.#waiting.indexOf(ticket)
  }

  /** Called when an attempt begins. Returns whether the ceiling seems to be reached. */
  begin(ticket: Ticket): boolean {
    this.#waiting = this.#waiting.filter((other) => other !== ticket)
    this.#inFlight += 1
    ticket.isSending = true
    if (this.#freed > 0) this.#freed -= 1
    this.#wakeFirst()
    return this.refusal !== undefined
  }

  /** Called when the ceiling didn't refuse an attempt, so that there may be room for another. */
  pass(ticket: Ticket, now: number): void {
    this.#refusals = 0
    // Jobs of other processes have ended.
    if (this.#nextTryAt <= now) this.#nextTryAt = now
    this.leave(ticket)
  }

  refuse(refusal: ApiError, { now, isProbe, jitter, retryAfterMs }: Refused): void {
    // Refusals of requests that were in flight together count once.
    if (this.refusal !== undefined && !isProbe) return
    this.#refusals = this.refusal === undefined ? 1 : this.#refusals + 1
    this.refusal = refusal
    this.#freed = 0
    this.#nextTryAt = now + Math.max(getBackoffMs(probeBackoff, this.#refusals) * jitter, retryAfterMs)
  }

  noteEnd(): void {
    if (this.refusal === undefined) return
    this.#freed = Math.min(this.#freed + 1, this.#waiting.length + 1)
    this.#refusals = 0
    this.#wakeFirst()
  }

  #insert(ticket: Ticket): void {
    const place = this.#waiting.findIndex(({ order }) => order > ticket.order)
    this.#waiting.splice(place === -1 ? this.#waiting.length : place, 0, ticket)
  }

  #wakeFirst(): void {
    this.#waiting[0]?.sleep.wake()
  }
}
