/** A request to the API, as it was sent. */
export interface RecordedRequest {
  /** Epoch milliseconds by the clock on the wall. */
  readonly at: number
  readonly kind: "submit" | "price" | "look" | "resolve" | "models" | "upload" | "other"
  /** Below the base URL: `/jobs/job_1`. */
  readonly path: string
  /** The body, where it is a text: what a request for many assets names. */
  readonly body: string
}

/** A fetch that writes down what it is asked for. */
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
        kind: kindOf(request.method, url),
        path: pathBelowVersion(url),
        body: textOf(init?.body),
      })
      return fetch(input, init)
    }
  }

  /** How many requests there were of each kind. */
  byKind(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...Map.groupBy(this.requests, ({ kind }) => kind)].map(([kind, { length }]) => [kind, length]),
    )
  }

  /** When a job was looked at: by itself, or in a page of the account's jobs. ISO dates. */
  looksAt(jobId: string, from: number, until: number): ReadonlyArray<string> {
    return this.requests
      .filter(
        ({ kind, path, at }) =>
          kind === "look" && (path === `/jobs/${jobId}` || (path === "/jobs" && at >= from && at <= until)),
      )
      .map(({ at }) => new Date(at).toISOString())
  }

  /** How many requests were made for these assets, shared ones included. */
  countFor(assetIds: ReadonlyArray<string>): number {
    return this.requests.filter(
      ({ kind, path, body }) =>
        kind === "resolve" &&
        assetIds.some((assetId) => path === `/assets/${assetId}` || body.includes(`"${assetId}"`)),
    ).length
  }
}

const pathBelowVersion = (url: URL): string => url.pathname.replace(/^.*?\/v1(?=\/)/, "")

const kindOf = (method: string, url: URL): RecordedRequest["kind"] => {
  const path = pathBelowVersion(url)
  if (path.startsWith("/generate/")) return url.searchParams.has("dryRun") ? "price" : "submit"
  if (method === "GET" && /^\/jobs(\/|$)/.test(path)) return "look"
  if (path.startsWith("/assets")) return "resolve"
  if (path.startsWith("/models")) return "models"
  return path.startsWith("/uploads") ? "upload" : "other"
}

const textOf = (body: unknown): string => {
  if (typeof body === "string") return body
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : ""
}
