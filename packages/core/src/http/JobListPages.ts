import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { maxJobPageSize } from "../api/limits.ts"
import type { ApiError } from "../errors.ts"
import { monotonicMillis } from "../utils/monotonic.ts"
import type { ApiCall } from "./ApiCall.ts"
import { retryRead } from "./RetryPolicy.ts"
import { ScenarioHttp } from "./ScenarioHttp.ts"

/** A call of `GET /jobs`. */
export type JobListCall = Omit<ApiCall, "method" | "path" | "body">

/**
 * Reads pages of `GET /jobs`. A row contains all inputs of its job, or a workflow's whole flow, so a page can be too large
 * for Scenario (413, or a 5xx). Then the page is read again with half as many rows. All readers of the account share the
 * size that worked, and it grows again slowly.
 */
export class JobListPages extends Context.Service<
  JobListPages,
  {
    /** Reads one page, if needed with fewer rows than `pageSize`. Retries like every read, unless `isRepeatable` is false. */
    read<A>(call: JobListCall, readBody: (body: unknown) => A | undefined): Effect.Effect<A, ApiError>
    /** The most rows that a page can have now. */
    maxPageSize(): number
  }
>()("@scenario-automation/core/JobListPages") {
  /** @internal */
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
    const wanted = Number(call.query?.["pageSize"] ?? maxJobPageSize)
    const first = limit.getSize(wanted, yield* monotonicMillis)
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
      // A size that worked before may have met a temporary error.
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

/** A page that is too large gets a 413 or a 5xx. In an outage, smaller pages get the same. */
const canBeTooLarge = ({ reason }: ApiError): boolean =>
  (reason._tag === "Rejected" && reason.status === 413) ||
  (reason._tag === "Unavailable" && reason.status >= 500)

/** Below this many rows, size isn't why a page fails. */
const minJobPageSize = 10

/** How long after a page size worked to try a larger one. Doubles each time that the larger one fails. Milliseconds. */
const minGrowAfterMs = 300_000
const maxGrowAfterMs = 3_600_000
const growth = 1.5

/** If a page fails in all sizes, size isn't the reason. For this long, no smaller pages are tried. Milliseconds. */
const outageMs = 60_000

/** Learns how many rows fit into a page. `now` is in monotonic milliseconds. */
class PageSizeLimit {
  current = maxJobPageSize
  #worked = 0
  #growsAt = Infinity
  #growAfterMs = minGrowAfterMs
  #outageUntil = 0

  /** The size to try first. From time to time it is larger than the limit. */
  getSize(wanted: number, now: number): number {
    const limit = now >= this.#growsAt ? Math.ceil(this.current * growth) : this.current
    return Math.min(wanted, limit, maxJobPageSize)
  }

  hasWorked(size: number): boolean {
    return size <= this.#worked && size <= this.current
  }

  /** The next size to try after one failed, or `undefined` if size isn't the reason. */
  getSmaller(size: number, now: number): number | undefined {
    if (size > this.current) return this.current
    if (now < this.#outageUntil) return undefined
    if (size > minJobPageSize) return Math.max(minJobPageSize, Math.floor(size / 2))
    this.#outageUntil = now + outageMs
    return undefined
  }

  /** Notes that a page of this size was read, after the larger ones down from `first` failed. */
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
