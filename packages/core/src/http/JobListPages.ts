import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { ApiError } from "../errors.ts"
import { monotonicMillis } from "../monotonic.ts"
import type { ApiCall } from "./ApiCall.ts"
import { retryRead } from "./RetryPolicy.ts"
import { ScenarioHttp } from "./ScenarioHttp.ts"

/** The API's limit of `GET /jobs`. */
export const maxJobPageSize = 200

/** Below this many rows, size isn't why a page fails. */
const minJobPageSize = 10

/** After a page size has worked for this long, a larger one is tried; twice as long after each that fails. Milliseconds. */
const minGrowAfterMs = 300_000
const maxGrowAfterMs = 3_600_000
const growth = 1.5

/** After all sizes have failed, it isn't the size: for this long a page that fails isn't asked for in smaller ones. */
const outageMs = 60_000

/** A call of `GET /jobs`: its path and method are known. */
export type JobListCall = Omit<ApiCall, "method" | "path" | "body">

/**
 * Reads pages of `GET /jobs`. A row carries all inputs of its job, and a workflow's whole flow, so a page can be too large
 * for Scenario to answer (413, or a 5xx). Then half as many rows are asked for, and the size is remembered for every
 * reader of the account; it grows again slowly.
 */
export class JobListPages extends Context.Service<
  JobListPages,
  {
    /** One page, with fewer rows than `pageSize` if it must. Retried like every read, unless `isRepeatable` is false. */
    read<A>(call: JobListCall, readBody: (body: unknown) => A | undefined): Effect.Effect<A, ApiError>
    /** How many rows a page can have now. */
    maxPageSize(): number
  }
>()("@scenario-automation/core/JobListPages") {
  static readonly layer: Layer.Layer<JobListPages, never, ScenarioHttp> = Layer.effect(
    JobListPages,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  const limit = new PageSizeLimit()

  const readAtSize = Effect.fnUntraced(function* <A>(
    call: JobListCall,
    pageSize: number,
    readBody: (body: unknown) => A | undefined,
  ) {
    const sized: ApiCall = { ...call, method: "GET", path: "/jobs", isRepeatable: false }
    return yield* http.callFor({ ...sized, query: { ...call.query, pageSize } }, readBody)
  })

  const readFitting = Effect.fnUntraced(function* <A>(
    call: JobListCall,
    readBody: (body: unknown) => A | undefined,
  ) {
    const asked = Number(call.query?.["pageSize"] ?? maxJobPageSize)
    const first = limit.getSize(asked, yield* monotonicMillis)
    let size = first
    let isRepeated = false
    while (true) {
      const read = yield* Effect.result(readAtSize(call, size, readBody))
      const now = yield* monotonicMillis
      if (Result.isSuccess(read)) {
        limit.onRead(first, size, now)
        return read.success
      }
      if (!canBeTooLarge(read.failure)) return yield* read.failure
      // A size that has worked before may just have met a passing error.
      if (limit.hasWorked(size) && !isRepeated) {
        isRepeated = true
        continue
      }
      const smaller = limit.getSmaller(size, now)
      if (smaller === undefined) return yield* read.failure
      size = smaller
    }
  })

  return JobListPages.of({
    read: (call, readBody) => {
      const page = readFitting(call, readBody)
      return (call.isRepeatable ?? true) ? retryRead(page) : page
    },
    maxPageSize: () => limit.current,
  })
})

/** A page that is too large answers 413 or some 5xx; so does an outage, in which smaller pages fail as well. */
const canBeTooLarge = ({ reason }: ApiError): boolean =>
  (reason._tag === "Rejected" && reason.status === 413) ||
  (reason._tag === "Unavailable" && reason.status >= 500)

/** What is known of how many rows fit into an answer. Monotonic milliseconds. */
class PageSizeLimit {
  current = maxJobPageSize
  #worked = 0
  #growsAt = Infinity
  #growAfterMs = minGrowAfterMs
  #outageUntil = 0

  /** The size to ask for: from time to time larger than the limit. */
  getSize(asked: number, now: number): number {
    const limit = now >= this.#growsAt ? Math.ceil(this.current * growth) : this.current
    return Math.min(asked, limit, maxJobPageSize)
  }

  hasWorked(size: number): boolean {
    return size <= this.#worked && size <= this.current
  }

  /** The next size after one that failed; `undefined` if size isn't the reason. */
  getSmaller(size: number, now: number): number | undefined {
    if (size > this.current) return this.current
    if (now < this.#outageUntil) return undefined
    if (size > minJobPageSize) return Math.max(minJobPageSize, Math.floor(size / 2))
    this.#outageUntil = now + outageMs
    return undefined
  }

  /** A page of this size was read, after those from `first` down have failed. */
  onRead(first: number, size: number, now: number): void {
    this.#outageUntil = 0
    this.#worked = size < first ? size : Math.max(this.#worked, size)
    if (size === first && size <= this.current) return
    if (size === first) {
      this.#growAfterMs = minGrowAfterMs
    } else {
      const wasGrowth = first > this.current
      this.#growAfterMs = wasGrowth ? Math.min(maxGrowAfterMs, this.#growAfterMs * 2) : minGrowAfterMs
    }
    this.current = size
    this.#growsAt = size < maxJobPageSize ? now + this.#growAfterMs : Infinity
  }
}
