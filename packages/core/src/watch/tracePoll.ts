import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { toAttributes } from "../tracing.ts"
import type { Poll } from "./choosePoll.ts"
import type { WaitRegistry } from "./WaitRegistry.ts"

/**
 * Adds a span to a poll if a wait that it serves is traced. The poll of a single job is a child of its wait, and linked to other
 * waits for the same job. A page is a root span, linked to the waits whose jobs should be on it.
 */
export const tracePoll = <A, E>(
  poll: Poll,
  request: Effect.Effect<A, E>,
  registry: WaitRegistry,
): Effect.Effect<A, E> => {
  const isSingle = poll._tag === "Single"
  const waits = isSingle ? [...new Set([poll.wait, ...registry.forJob(poll.wait.job.jobId)])] : poll.waits
  const traces = waits.flatMap((wait) => wait.trace ?? [])
  const [first, ...others] = traces
  if (first === undefined) return request
  const linked = isSingle ? others : traces
  return request.pipe(
    Effect.withSpan("scenario.poll", {
      ...(isSingle ? { parent: first.span } : { root: true }),
      links: linked.map(({ span }) => ({ span, attributes: {} })),
      attributes: toAttributes({
        "scenario.poll.jobs": isSingle ? 1 : waits.length,
        "scenario.job.id": isSingle ? poll.wait.job.jobId : undefined,
      }),
    }),
    Effect.provideService(Tracer.Tracer, first.tracer),
  )
}
