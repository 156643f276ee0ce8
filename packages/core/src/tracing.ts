import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"

/** The attributes of this library's spans. docs/observability.md explains them. */
export interface SpanAttributes {
  readonly "scenario.job.id"?: string | undefined
  readonly "scenario.job.status"?: string | undefined
  readonly "scenario.model.id"?: string | undefined
  readonly "scenario.workflow.id"?: string | undefined
  readonly "scenario.endpoint"?: string | undefined
  readonly "scenario.asset.id"?: string | undefined
  readonly "scenario.asset.count"?: number | undefined
  readonly "scenario.cost"?: number | undefined
  readonly "scenario.file.bytes"?: number | undefined
  readonly "scenario.poll.jobs"?: number | undefined
  readonly "scenario.request.purpose"?: string | undefined
  readonly "http.request.method"?: string | undefined
  readonly "http.request.resend_count"?: number | undefined
  readonly "http.response.status_code"?: number | undefined
  readonly "url.path"?: string | undefined
}

/** Leaves out attributes that have no value, because exporters would show them as text. */
export const toAttributes = (attributes: SpanAttributes): Record<string, string | number> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))

export const annotateSpan = (attributes: SpanAttributes): Effect.Effect<void> =>
  Effect.annotateCurrentSpan(toAttributes(attributes))

/** A caller's span, and the tracer that records its children. */
export interface Trace {
  readonly tracer: Tracer.Tracer
  readonly span: Tracer.AnySpan
}

/** The trace of a fiber, or `undefined` if the caller has no tracer: nothing reads the spans of Effect's own one. */
export const getTrace = ({ cache }: Fiber.Fiber<unknown, unknown>): Trace | undefined =>
  cache.tracer && cache.span && { tracer: cache.tracer, span: cache.span }
