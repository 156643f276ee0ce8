import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { JobRef } from "../api/Job.ts"
import { ApiError } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { getJitter } from "../http/backoff.ts"
import { getRetryAfter } from "../http/RetryPolicy.ts"
import { type Deadline, monotonicMillis } from "../utils/monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import { CeilingQueue, type Ticket, makeTicket } from "./CeilingQueue.ts"

/** Why a submit waits: the account runs as many jobs as it can. */
export interface SubmitWait {
  /** Scenario's name of the ceiling, such as `parallel-custom-jobs`, if it gives one. */
  readonly ceiling: string | undefined
  /** How many jobs can run at once, if Scenario says. */
  readonly limit: number | undefined
  /** Scenario's own message. */
  readonly detail: string
  /** How many submits of this account wait before this one. */
  readonly ahead: number
}

export interface TurnOptions<E> {
  /** Monotonic milliseconds. */
  readonly deadline: Deadline
  /** Whether it waits at a ceiling, or fails with the refusal. */
  readonly mayWait: () => boolean
  /** Called when it starts to wait, once for each ceiling. */
  readonly onWaiting: (wait: SubmitWait) => Effect.Effect<void, E>
}

/** The turn of a submit. It keeps its place over several attempts. */
export interface Turn {
  /** Makes an attempt when it is its turn, and again after each refusal at a ceiling. */
  send<A, E>(attempt: Effect.Effect<A, ApiError>, options: TurnOptions<E>): Effect.Effect<A, ApiError | E>
  /** How long it has waited at ceilings. Milliseconds. */
  readonly waitedMs: number
}

/**
 * The account's limits of running jobs, learned from refusals, with a queue for each. A waiting submit takes nothing from the
 * request budget. The first in a queue tries again when a job of its kind has ended, or else after growing delays. The others
 * wait for it.
 */
export class Ceilings extends Context.Service<
  Ceilings,
  {
    /** Creates a turn for a submit. */
    takeTurn(call: Pick<ApiCall, "method" | "path">): Turn
    /** Called when a job has ended, which may make room. */
    noteEnd(job: JobRef): void
  }
>()("@scenario-automation/core/Ceilings") {
  /** @internal */
  static readonly layer: Layer.Layer<Ceilings, never, ScenarioConfig> = Layer.effect(
    Ceilings,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const { requestsInFlight } = yield* ScenarioConfig
  const queues = new Map<string, CeilingQueue>()
  /** The last ceiling that refused each kind of submit. */
  const names = new Map<string, string>()

  const getQueue = (kind: string): CeilingQueue => {
    const name = names.get(kind) ?? kind
    const queue = queues.get(name) ?? new CeilingQueue(requestsInFlight)
    queues.set(name, queue)
    return queue
  }

  /** Returns the queue of the ceiling that refused this kind, and moves the others of the kind there. */
  const learn = (kind: string, refusal: ApiError): CeilingQueue => {
    const before = getQueue(kind)
    const name = readCeiling(refusal)?.ceiling
    if (name !== undefined) names.set(kind, name)
    const queue = getQueue(kind)
    if (queue !== before) before.moveTo(queue, kind)
    return queue
  }

  const waitForTurn = Effect.fnUntraced(function* <E>(ticket: Ticket, options: TurnOptions<E>) {
    const begunAt = yield* monotonicMillis
    while (true) {
      const now = yield* monotonicMillis
      const queue = getQueue(ticket.kind)
      queue.enter(ticket)
      const { refusal } = queue
      // The request budget reports that no time is left.
      if (queue.isNext(ticket, now) || (refusal === undefined && now >= options.deadline)) {
        if (refusal !== undefined) ticket.waitedMs += now - begunAt
        return queue
      }
      const wait = refusal && readCeiling(refusal)
      if (refusal !== undefined && (!options.mayWait() || now >= options.deadline)) {
        return yield* new ApiError({ reason: refusal.reason, request: ticket.request })
      }
      if (wait !== undefined && ticket.reported !== queue) {
        ticket.reported = queue
        yield* options.onWaiting({ ...wait, ahead: queue.countAhead(ticket) })
        continue
      }
      const until = Math.min(options.deadline, queue.getNextTry(ticket))
      yield* ticket.sleep.sleep(Math.ceil(until - now))
    }
  })

  const takeTurn = ({ method, path }: Pick<ApiCall, "method" | "path">): Turn => {
    const ticket = makeTicket(readKind(path), `${method} ${path}`)
    const send = Effect.fnUntraced(function* <A, E>(
      attempt: Effect.Effect<A, ApiError>,
      options: TurnOptions<E>,
    ) {
      while (true) {
        const queue = yield* waitForTurn(ticket, options)
        const isProbe = queue.begin(ticket)
        const sent = yield* Effect.result(attempt)
        const refusal = Result.isFailure(sent) && readCeiling(sent.failure) ? sent.failure : undefined
        const now = yield* monotonicMillis
        if (refusal === undefined) {
          queue.pass(ticket, now)
          return yield* Effect.fromResult(sent)
        }
        queue.putBack(ticket)
        if (!options.mayWait()) return yield* refusal
        const jitter = getJitter(yield* Random.next)
        learn(ticket.kind, refusal).refuse(refusal, {
          now,
          isProbe,
          jitter,
          retryAfterMs: getRetryAfter(refusal),
        })
      }
    })
    return {
      send: (attempt, options) =>
        Effect.ensuring(
          send(attempt, options),
          Effect.sync(() => ticket.queue?.leave(ticket)),
        ),
      get waitedMs() {
        return ticket.waitedMs
      },
    }
  }

  return Ceilings.of({
    takeTurn,
    noteEnd: ({ workflowId }) => {
      for (const queue of new Set((workflowId === undefined ? jobKinds : [workflowKind]).map(getQueue)))
        queue.noteEnd()
    },
  })
})

const workflowKind = "workflow runs"
const jobKinds: ReadonlyArray<string> = ["jobs of models", "jobs of older endpoints"]

/** The same ceiling refuses all submits of a kind. */
const readKind = (path: string): string =>
  path.startsWith("/workflows/")
    ? workflowKind
    : (jobKinds[path.startsWith("/generate/custom/") ? 0 : 1] ?? "")

/** Reads the ceiling of a refusal; `undefined` if it is another error. */
export const readCeiling = ({ reason }: ApiError): Omit<SubmitWait, "ahead"> | undefined =>
  reason._tag === "RateLimited" && reason.kind === "concurrency"
    ? { ceiling: reason.ceiling, limit: reason.limit, detail: reason.detail }
    : undefined
