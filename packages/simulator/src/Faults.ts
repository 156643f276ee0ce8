import { createRandom } from "./seeded.ts"

/** What each fault does. In brackets are the requests that it hits unless an option says otherwise. */
export const faultDescriptions = {
  "server-error": "500 with the JSON error of the contract; the request is not accepted [API]",
  "bad-gateway-html": "502 with an HTML page; not accepted [API]",
  unavailable: "503; option retryAfterSeconds [API]",
  "gateway-timeout": "504 {message}; not accepted [API]",
  "rate-limited": "429 for too many requests; options retryAfterSeconds, retryAfterAs [API]",
  "concurrency-limited": "429 with details.actionName and details.actionLimit [submits]",
  "concurrency-unnamed": "429 with a message about concurrent runs, without details [submits]",
  cooldown: "429 with details.remainingSeconds [submits]",
  unauthorized: "401 {message} [API]",
  forbidden: "403 {reason} [API]",
  "model-restricted": "403 {reason, name: ModelAccessRestrictedError}: the plan is too small [API]",
  "access-denied": "403 {Message} with x-amzn-errortype AccessDeniedException: the key is wrong [API]",
  "missing-token": "403 {message: Missing Authentication Token}: the base URL is wrong [API]",
  "documented-error":
    "400 with a body from the documentation; option value: status, statusCode, or reason [API]",
  "plan-required": "402 {reason} [submits]",
  "connection-reset": "the connection is reset before the request is accepted [API, CDN by origin]",
  "lost-response":
    "accepted: the job is created and charged, then the connection is cut [submits, no dry runs]",
  "lost-response-then-5xx":
    "accepted and charged, but the response has status 500, 502, or 504 [submits, no dry runs]",
  hang: "no response; not accepted [API, CDN by origin]",
  slow: "the response is sent after delayMs of simulated time, default 5000 [API, CDN by origin]",
  trickle:
    "the body is sent in chunks pieces, with delayMs of simulated time between them [API, CDN by origin]",
  "truncated-body":
    "the body stops after afterBytes; option framing: content-length, chunked, or ended, which hides the cut [API, CDN by origin]",
  "malformed-json": "2xx with a body that isn't JSON [API]",
  "empty-body": "2xx with an empty body [API]",
  "gone-endpoint": "404 {message: Not Found}, as for an endpoint that no longer exists; option status [API]",
  "missing-job-id": "2xx without a job ID, although the job is created [submits, no dry runs]",
  "missing-job":
    "2xx without a job, which the contract allows for some submits, although the job is created [submits, no dry runs]",
  "legacy-job-id": "the job is {id, status}, as in older documentation, without jobId [submits, no dry runs]",
  "own-seed": "the job echoes a seed that was not sent [submits, no dry runs]",
  "dropped-seed": "the job doesn't echo the seed [submits, no dry runs]",
  "changed-seed": "the job echoes a different seed [submits, no dry runs]",
  "dropped-input":
    "the job doesn't echo one input; option value is its name, default prompt [submits, no dry runs]",
  "no-echo": "the job echoes no inputs [submits, no dry runs]",
  "rewritten-input":
    "the job echoes an input as Scenario may rewrite it: a number as the next multiple of 64, a boolean as 0 or 1; option value is its name, default width [submits, no dry runs]",
  "refused-with-job":
    "the submit is accepted, but the response is an error that names its job; option status, default 429 [submits]",
  "filled-echo": "the job also echoes the defaults of inputs that were not sent [submits, no dry runs]",
  "listed-late":
    "the job is listed only after delayMs of simulated time, default 5000 [submits, no dry runs]",
  "thumbnail-first":
    "the job returns a picture before its file, as some 3D models do [submits of models, no dry runs]",
  "list-without-inputs": "jobs in the list lack metadata.input [GET /jobs]",
  "odd-rows":
    "jobs in the list have another form; option value: wrapped ({job}, the default) or unreadable (no ID) [GET /jobs]",
  "odd-cursor": "nextPaginationToken is an object [lists]",
  "odd-dates":
    "the dates of jobs are off by skewMs, default 0; option value is their form: iso (the default), space (2026-11-25 10:00:00.000), or epoch (milliseconds) [responses with a job]",
  "plain-dry-run": "a dry run returns 200 instead of 269 [submits]",
  "payment-dry-run": "a dry run returns 402 with estimatedCost, as documented for workflows [submits]",
  "empty-job-dry-run": "a dry run returns 200 with the price and an empty job [submits]",
  "ip-flagged":
    "the IP detection flags the request: action flagged, with a finding [submits with ipDetection]",
  "ip-blocked":
    "the IP detection blocks the request: 2xx, action blocked, no job, and its fee is charged [submits with ipDetection]",
  "ignored-dry-run": "a dry run is ignored: the job runs and is charged [submits]",
  "vanished-job": "404 for a job that exists [GET /jobs/{jobId}]",
  "unknown-status":
    "the job has an unknown status; option value, default paused-for-review [responses with a job]",
  "text-amounts": "amounts of compute units are text [API]",
  "unknown-fields": "objects have additional, unknown members [API]",
  "shuffled-bulk": "get-bulk returns assets in another order [POST /assets/get-bulk]",
  "strict-bulk": "get-bulk returns 404 if one asset is unknown [POST /assets/get-bulk]",
  "missing-in-bulk": "get-bulk leaves out one asset [POST /assets/get-bulk]",
  "pending-asset": "assets are pending, even if their job has succeeded [responses with assets]",
  "repeated-cursor": "nextPaginationToken is the token of the request, so that the list never ends [lists]",
  "shifting-pages": "a page begins items entries too early (too late if negative), default 1 [lists]",
  "large-page": "a page of more than maxRows rows (default 40) fails; option status, default 502 [lists]",
  "models-without-inputs": "models in lists lack inputs [lists of models]",
  "bare-success": "successful jobs in the list have neither assets nor output [GET /jobs]",
  "late-result":
    "a successful job has neither assets nor output when it is read by its ID [GET /jobs/{jobId}]",
  "clock-skew": "the Date header is off by skewMs, default 5 minutes [API]",
  "expired-link": "403 with XML, Access Denied, as for an expired link [CDN]",
  redirect:
    "302; options status, and to: same-host, other-origin, or raw-utf8 (a Location with raw UTF-8) [CDN]",
  "wrong-content-type": "the right bytes with the type application/octet-stream [CDN]",
  "wrong-bytes": "200 with an HTML page instead of the file [CDN]",
  "wrong-length": "Content-Length is extraBytes too large, default 1000 [CDN]",
  "no-ranges": "a Range request returns 200 with the whole file, without an ETag [CDN]",
  "changed-file": "another version of the file: another ETag, and other bytes after the first 1024 [CDN]",
  "no-validators": "no ETag, and If-Range is ignored [CDN]",
  "weak-etag": "the ETag is weak, and If-Range is ignored [CDN]",
  "changed-size":
    "another version of the file that is extraBytes longer, default 100, with other bytes after the first 1024 [CDN]",
  "unnamed-part": "a Range request returns 206 with the whole file, without Content-Range [CDN]",
  "short-file": "the file ends after afterBytes, default half of it, and so does its Content-Length [CDN]",
  "changed-etag": "the same bytes with another ETag [CDN]",
  "stored-gzip":
    "the file is stored with Content-Encoding gzip, and ranges are of the compressed bytes [CDN]",
  "part-timeout": "400 RequestTimeout with XML for a part of an upload [CDN]",
  "wrong-size": "properties.size of assets is off by extraBytes, default 1000 [responses with assets]",
  "missing-original": "HDR pictures have no originalFileUrl [responses with assets]",
  "legacy-result":
    "a finished job has its files in result.images; option value: ids or urls [responses with jobs]",
  "large-integers": "every seed is 6687881544318117707, and inputs named seed go up to 2^64 - 1 [API]",
} as const

export type FaultName = keyof typeof faultDescriptions

export const faultNames = Object.keys(faultDescriptions).filter(
  (name): name is FaultName => name in faultDescriptions,
)

export interface FaultOptions {
  /** A part of the path, or a pattern. The path has no query and no origin. */
  readonly path?: string | RegExp | undefined
  readonly method?: string | undefined
  /** Default `api`, or `cdn` for a fault of the CDN. */
  readonly origin?: "api" | "cdn" | undefined
  /** How many matching requests it hits. Default 1. */
  readonly times?: number | undefined
  /** Of `slow` and `listed-late`, and between two pieces of `trickle`. Simulated ms. */
  readonly delayMs?: number | undefined
  /** The number of pieces of `trickle`. Default 8. */
  readonly chunks?: number | undefined
  /** Without it, the response has no such header. */
  readonly retryAfterSeconds?: number | undefined
  /** Default `seconds`. `milliseconds` sends the header retry-after-ms. */
  readonly retryAfterAs?: "seconds" | "milliseconds" | "http-date" | undefined
  /**
   * The status of the response. Default 404 for `gone-endpoint`, 429 for `refused-with-job`, 500 for `lost-response-then-5xx`, 502 for
   * `large-page`, and 302 for `redirect`.
   */
  readonly status?: number | undefined
  readonly actionName?: string | undefined
  readonly actionLimit?: number | undefined
  /** Of `cooldown`. Default 900. */
  readonly remainingSeconds?: number | undefined
  readonly skewMs?: number | undefined
  /** Of `truncated-body` and `short-file`. Default: half of the body. */
  readonly afterBytes?: number | undefined
  readonly framing?: "content-length" | "chunked" | "ended" | undefined
  /** Of `wrong-length`, `wrong-size`, and `changed-size`. */
  readonly extraBytes?: number | undefined
  readonly to?: "same-host" | "other-origin" | "raw-utf8" | undefined
  /**
   * A variant of the fault: of `documented-error` (default `reason`), `odd-rows`, `odd-dates`, `rewritten-input`, `unknown-status`
   * (default `paused-for-review`), `dropped-input` (the name of the input, default `prompt`), and `legacy-result` (default `ids`).
   */
  readonly value?: string | undefined
  /** Of `shifting-pages`. Default 1. */
  readonly items?: number | undefined
  /** Of `large-page`. Default 40. */
  readonly maxRows?: number | undefined
}

export interface FaultTarget {
  readonly origin: "api" | "cdn"
  readonly method: string
  readonly path: string
  readonly isDryRun: boolean
}

/** A fault that hits a request. */
export interface ActiveFault {
  readonly name: FaultName
  readonly options: FaultOptions
}

interface ArmedFault extends ActiveFault {
  remaining: number
  readonly rate: number | undefined
}

const isSubmit = (target: FaultTarget): boolean =>
  (target.method === "POST" && target.path.includes("/generate/")) ||
  (target.method === "PUT" && (target.path.endsWith("/run") || target.path.endsWith("/train")))

const isList = (target: FaultTarget): boolean =>
  target.method === "GET" &&
  /\/v1\/(jobs|assets|assets\/public|models|models\/public|workflows|collections|tags)$/.test(target.path)

const isPaidSubmit = (target: FaultTarget): boolean => isSubmit(target) && !target.isDryRun

/** The requests that a fault can hit. Faults that aren't listed can hit any. */
const defaultTargets: Partial<Record<FaultName, (target: FaultTarget) => boolean>> = {
  "concurrency-limited": isSubmit,
  "concurrency-unnamed": isSubmit,
  cooldown: isSubmit,
  "plan-required": isSubmit,
  "lost-response": isPaidSubmit,
  "lost-response-then-5xx": isPaidSubmit,
  "missing-job-id": isPaidSubmit,
  "missing-job": isPaidSubmit,
  "legacy-job-id": isPaidSubmit,
  "own-seed": isPaidSubmit,
  "dropped-seed": isPaidSubmit,
  "changed-seed": isPaidSubmit,
  "dropped-input": isPaidSubmit,
  "no-echo": isPaidSubmit,
  "rewritten-input": isPaidSubmit,
  "refused-with-job": isSubmit,
  "filled-echo": isPaidSubmit,
  "listed-late": isPaidSubmit,
  "thumbnail-first": isPaidSubmit,
  "list-without-inputs": (target) => target.method === "GET" && target.path.endsWith("/v1/jobs"),
  "odd-rows": (target) => isList(target) && target.path.endsWith("/jobs"),
  "odd-cursor": isList,
  "odd-dates": (target) => isSubmit(target) || target.path.includes("/jobs"),
  "plain-dry-run": (target) => target.isDryRun,
  "payment-dry-run": (target) => target.isDryRun,
  "empty-job-dry-run": (target) => target.isDryRun,
  "ip-flagged": isSubmit,
  "ip-blocked": isSubmit,
  "ignored-dry-run": (target) => target.isDryRun,
  "vanished-job": (target) => target.method === "GET" && /\/jobs\/[^/]+$/.test(target.path),
  "late-result": (target) => target.method === "GET" && /\/jobs\/[^/]+$/.test(target.path),
  "unknown-status": (target) => isSubmit(target) || target.path.includes("/jobs"),
  "shuffled-bulk": (target) => target.path.endsWith("/assets/get-bulk"),
  "strict-bulk": (target) => target.path.endsWith("/assets/get-bulk"),
  "missing-in-bulk": (target) => target.path.endsWith("/assets/get-bulk"),
  "part-timeout": (target) => target.method === "PUT",
  "wrong-length": (target) => target.method === "GET",
  "no-ranges": (target) => target.method === "GET",
  "changed-file": (target) => target.method === "GET",
  "changed-etag": (target) => target.method === "GET",
  "no-validators": (target) => target.method === "GET",
  "weak-etag": (target) => target.method === "GET",
  "changed-size": (target) => target.method === "GET",
  "unnamed-part": (target) => target.method === "GET",
  "short-file": (target) => target.method === "GET",
  "stored-gzip": (target) => target.method === "GET",
  "wrong-size": (target) => target.path.includes("/assets"),
  "missing-original": (target) => target.path.includes("/assets"),
  "legacy-result": (target) => target.method === "GET" && target.path.includes("/jobs"),
  "pending-asset": (target) => target.path.includes("/assets") || isSubmit(target),
  "repeated-cursor": isList,
  "shifting-pages": isList,
  "large-page": isList,
  "models-without-inputs": (target) => isList(target) && target.path.includes("/models"),
  "bare-success": (target) => isList(target) && target.path.endsWith("/jobs"),
}

const cdnFaults: ReadonlySet<FaultName> = new Set([
  "expired-link",
  "redirect",
  "wrong-content-type",
  "wrong-bytes",
  "wrong-length",
  "no-ranges",
  "changed-file",
  "changed-etag",
  "no-validators",
  "weak-etag",
  "changed-size",
  "unnamed-part",
  "short-file",
  "stored-gzip",
  "part-timeout",
])

/** The faults that are armed. */
export class Faults {
  readonly #seed: number
  #armed: Array<ArmedFault> = []
  #requestCount = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Hits the next matching request, or the next `times` requests. */
  next(name: FaultName, options: FaultOptions = {}): void {
    this.#armed.push({ name: parseFaultName(name), options, remaining: options.times ?? 1, rate: undefined })
  }

  /** Hits each matching request with this probability. The seed decides. */
  rate(name: FaultName, rate: number, options: FaultOptions = {}): void {
    if (!(rate >= 0 && rate <= 1))
      throw new Error(`The rate of a fault must be between 0 and 1, not ${rate}.`)
    this.#armed.push({ name: parseFaultName(name), options, remaining: Number.POSITIVE_INFINITY, rate })
  }

  clear(): void {
    this.#armed = []
  }

  /** Returns the faults that hit this request, and counts them. */
  take(target: FaultTarget): ReadonlyArray<ActiveFault> {
    const random = createRandom(`${this.#seed}/faults/${this.#requestCount++}`)
    const hits = this.#armed.filter(
      (fault) => matches(fault, target) && (fault.rate === undefined || random() < fault.rate),
    )
    for (const fault of hits) fault.remaining -= 1
    this.#armed = this.#armed.filter((fault) => fault.remaining > 0)
    return hits.map(({ name, options }) => ({ name, options }))
  }
}

export const parseFaultName = (name: string): FaultName => {
  const known = faultNames.find((candidate) => candidate === name)
  if (known === undefined) throw new Error(`Unknown fault "${name}". Known: ${faultNames.join(", ")}.`)
  return known
}

const matches = (fault: ActiveFault, target: FaultTarget): boolean => {
  const { path, method, origin } = fault.options
  if (target.origin !== (origin ?? (cdnFaults.has(fault.name) ? "cdn" : "api"))) return false
  if (method !== undefined && method.toUpperCase() !== target.method) return false
  if (typeof path === "string" && !target.path.includes(path)) return false
  if (path instanceof RegExp && !path.test(target.path)) return false
  return defaultTargets[fault.name]?.(target) ?? true
}
