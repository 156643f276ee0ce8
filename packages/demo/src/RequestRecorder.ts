/** A request to the API, as it was sent. */
export interface RecordedRequest {
  /** Epoch milliseconds. */
  readonly at: number
  readonly kind: "submit" | "price" | "poll" | "resolve" | "models" | "upload" | "other"
  /** Below the base URL: `/jobs/job_1`. */
  readonly path: string
  /** Empty if the body isn't text. */
  readonly body: string
}

/** A `fetch` that records its requests. */
export class RequestRecorder {
  readonly requests: Array<RecordedRequest> = []
  readonly fetch: typeof globalThis.fetch

  constructor(fetch: typeof globalThis.fetch = globalThis.fetch) {
    this.fetch = (input, init) => {
      const request = new Request(input instanceof Request ? input.url : input, {
        method: init?.method ?? "GET",
      })
      const url = new URL(request.url)
      this.requests.push({
        at: Date.now(),
        kind: getKind(request.method, url),
        path: getPath(url),
        body: toText(init?.body),
      })
      return fetch(input, init)
    }
  }

  /** The number of requests of each kind. */
  byKind(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...Map.groupBy(this.requests, ({ kind }) => kind)].map(([kind, { length }]) => [kind, length]),
    )
  }

  /**
   * When a job was polled, by itself or on a page of the account's jobs: while it ran, and once after its end, which is how
   * the end was noticed. A job that ended when it was submitted wasn't polled. ISO dates.
   */
  listPolls(jobId: string, startedAt: string, endedAt: string): ReadonlyArray<string> {
    if (startedAt === endedAt) return []
    const polls = this.requests
      .filter(({ kind, path }) => kind === "poll" && (path === `/jobs/${jobId}` || path === "/jobs"))
      .map(({ at }) => new Date(at).toISOString())
      .filter((at) => at >= startedAt)
    const noticed = polls.findIndex((at) => at >= endedAt)
    return noticed === -1 ? polls : polls.slice(0, noticed + 1)
  }

  /** The number of requests for these assets, including those for other assets too. */
  countFor(assetIds: ReadonlyArray<string>): number {
    return this.requests.filter(
      ({ kind, path, body }) =>
        kind === "resolve" &&
        assetIds.some((assetId) => path === `/assets/${assetId}` || body.includes(`"${assetId}"`)),
    ).length
  }
}

const getPath = (url: URL): string => url.pathname.replace(/^.*?\/v1(?=\/)/, "")

const getKind = (method: string, url: URL): RecordedRequest["kind"] => {
  const path = getPath(url)
  if (path.startsWith("/generate/")) return url.searchParams.has("dryRun") ? "price" : "submit"
  if (method === "GET" && /^\/jobs(\/|$)/.test(path)) return "poll"
  if (path.startsWith("/assets")) return "resolve"
  if (path.startsWith("/models")) return "models"
  return path.startsWith("/uploads") ? "upload" : "other"
}

const toText = (body: unknown): string => {
  if (typeof body === "string") return body
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : ""
}
