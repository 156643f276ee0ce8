import { createRandom } from "./seeded.ts"

/** Every fault by name, with what it does. What it hits by itself, when no `path` is named, is in brackets. */
export const faultDescriptions = {
  "server-error": "500 with the JSON envelope of the contract; the request is not accepted [API]",
  "bad-gateway-html": "502 with an HTML page; not accepted [API]",
  unavailable: "503; option retryAfterSeconds [API]",
  "gateway-timeout": "504 {message}; not accepted [API]",
  "rate-limited": "429 by request rate; options retryAfterSeconds, retryAfterAs [API]",
  "concurrency-limited": "429 with details.actionName and details.actionLimit [submits]",
  "concurrency-unnamed": "429 that speaks of concurrent runs, without details [submits]",
  cooldown: "429 with details.remainingSeconds [submits]",
  unauthorized: "401 {message} [API]",
  forbidden: "403 {reason} [API]",
  "model-restricted": "403 {reason, name: ModelAccessRestrictedError}: the plan [API]",
  "access-denied": "403 {Message} with x-amzn-errortype AccessDeniedException: the key [API]",
  "missing-token": "403 {message: Missing Authentication Token}: the base URL [API]",
  "documented-error": "400 in a documented body; option value: status, statusCode or reason [API]",
  "plan-required": "402 {reason} [submits]",
  "connection-reset": "the connection is reset before the request is accepted [API, CDN by origin]",
  "lost-response":
    "accepted, the job is born and charged for, then the connection is cut [submits, no dry runs]",
  "lost-response-then-5xx":
    "accepted and charged for, then answered by status 500, 502 or 504 [submits, no dry runs]",
  hang: "never answers; not accepted [API, CDN by origin]",
  slow: "answers after delayMs of simulated time, default 5000 [API, CDN by origin]",
  trickle: "the body comes in chunks pieces with delayMs of simulated time between [API, CDN by origin]",
  "truncated-body":
    "the body stops after afterBytes, framing content-length, chunked, or ended: then nothing shows it [API, CDN by origin]",
  "malformed-json": "2xx with a body that is no JSON [API]",
  "empty-body": "2xx with nothing in it [API]",
  "gone-endpoint": "404 {message: Not Found}, as of an endpoint that no longer exists; option status [API]",
  "missing-job-id": "2xx without a job id; the job is born all the same [submits, no dry runs]",
  "missing-job":
    "2xx without any job, which the contract allows some submits; born all the same [submits, no dry runs]",
  "legacy-job-id": "the job is {id, status} as old prose shows it, without jobId [submits, no dry runs]",
  "own-seed": "the job echoes a seed of its own if none was sent [submits, no dry runs]",
  "dropped-seed": "the job echoes no seed [submits, no dry runs]",
  "changed-seed": "the job echoes another seed than the one that was sent [submits, no dry runs]",
  "dropped-input":
    "the job doesn't echo one input; option value names it, default prompt [submits, no dry runs]",
  "no-echo": "the job echoes no inputs at all [submits, no dry runs]",
  "rewritten-input":
    "the job echoes an input as Scenario may rewrite it: a number as the next multiple of 64, a flag as 0 or 1; option value is its name, default width [submits, no dry runs]",
  "refused-with-job":
    "the submit is accepted, and answered by a refusal that names its job; option status, default 429 [submits]",
  "filled-echo": "the job echoes the defaults of inputs that were not sent [submits, no dry runs]",
  "listed-late":
    "the job is on the list only after delayMs of simulated time, default 5000 [submits, no dry runs]",
  "thumbnail-first":
    "a picture comes before the file that the model makes, as some 3D models do [submits of models, no dry runs]",
  "list-without-inputs": "the rows of the list lack metadata.input, which the job itself has [GET /jobs]",
  "odd-rows":
    "option value: wrapped ({job} instead of the job, the default) or unreadable (no id) [GET /jobs]",
  "odd-cursor": "nextPaginationToken is an object [lists]",
  "odd-dates":
    "the dates of jobs are off by skewMs, default 0, and look as option value says: iso (the default), space (2026-11-25 10:00:00.000), or epoch (milliseconds) [answers with a job]",
  "plain-dry-run": "a dry run answers 200 instead of 269 [submits]",
  "payment-dry-run": "a dry run answers 402 with estimatedCost, as the guide of workflows shows it [submits]",
  "empty-job-dry-run": "a dry run answers 200 with the price beside an empty job [submits]",
  "ip-flagged":
    "the IP detection flags the request: action flagged, with a finding [submits with ipDetection]",
  "ip-blocked":
    "the IP detection blocks the request: 2xx, action blocked, no job, and its fee is charged [submits with ipDetection]",
  "ignored-dry-run": "a dry run is not dry: the job runs and is charged for [submits]",
  "vanished-job": "404 for a job that exists [GET /jobs/{jobId}]",
  "unknown-status": "the job wears a status nobody knows; option value [answers with a job]",
  "text-amounts": "amounts of compute units are text [API]",
  "unknown-fields": "objects have members that nobody knows [API]",
  "shuffled-bulk": "get-bulk answers in another order [POST /assets/get-bulk]",
  "strict-bulk": "get-bulk answers 404 to a batch that names an unknown asset [POST /assets/get-bulk]",
  "missing-in-bulk": "get-bulk leaves out one asset [POST /assets/get-bulk]",
  "pending-asset": "assets are still pending, whatever their job says [answers with assets]",
  "repeated-cursor": "nextPaginationToken is the one that was asked with, for ever [lists]",
  "shifting-pages": "a page begins by items entries too early (or too late when negative), default 1 [lists]",
  "large-page":
    "a page of more than maxRows rows (default 40) can't be answered: option status, default 502 [lists]",
  "models-without-inputs":
    "the rows of models lack inputs, which the models themselves have [lists of models]",
  "bare-success": "rows that say success show neither assets nor output [GET /jobs]",
  "late-result":
    "a job that says success shows neither assets nor output when it is read by itself [GET /jobs/{jobId}]",
  "clock-skew": "the Date header is off by skewMs, default 5 minutes [API]",
  "expired-link": "403 XML Access Denied, as for an expired link [CDN]",
  redirect:
    "302, or the option status; option to: same-host, other-origin, or raw-utf8: a Location with raw UTF-8 [CDN]",
  "wrong-content-type": "the right bytes as application/octet-stream [CDN]",
  "wrong-bytes": "200 with an HTML page instead of the file [CDN]",
  "wrong-length": "Content-Length promises extraBytes more than come, default 1000 [CDN]",
  "no-ranges": "200 with the whole file to a Range request, without validators [CDN]",
  "changed-file": "another version: another ETag, and other bytes beyond the first 1024 [CDN]",
  "no-validators": "no ETag, and If-Range is ignored [CDN]",
  "weak-etag": "the ETag is weak, and If-Range is ignored [CDN]",
  "changed-size":
    "another version that is extraBytes longer, default 100, with other bytes beyond the first 1024 [CDN]",
  "unnamed-part": "206 without Content-Range, and with the whole file, to a Range request [CDN]",
  "short-file": "the file ends after afterBytes, default half of it, and its Content-Length says so [CDN]",
  "changed-etag": "the same bytes under another ETag [CDN]",
  "stored-gzip": "the object is stored with Content-Encoding gzip, and ranges are of that [CDN]",
  "part-timeout": "400 RequestTimeout in XML to a part of an upload [CDN]",
  "wrong-size": "properties.size of assets is off by extraBytes, default 1000 [answers with assets]",
  "missing-original": "HDR pictures come without originalFileUrl [answers with assets]",
  "legacy-result":
    "a finished job names its files in result.images; option value: ids or urls [answers with jobs]",
  "large-integers": "every seed is 6687881544318117707, and inputs named seed go up to 2^64 - 1 [API]",
} as const

export type FaultName = keyof typeof faultDescriptions

/** The names alone, in the order of the table. */
export const faultNames = Object.keys(faultDescriptions).filter(
  (name): name is FaultName => name in faultDescriptions,
)

export interface FaultOptions {
  /** A text that the path contains, or a pattern. The path has no query and no origin. */
  readonly path?: string | RegExp | undefined
  readonly method?: string | undefined
  /** Default `api`, except for the faults of the CDN. */
  readonly origin?: "api" | "cdn" | undefined
  /** How many matching requests it hits, default 1. */
  readonly times?: number | undefined
  /** Simulated ms: of `slow` and `listed-late`, or between two pieces of `trickle`. */
  readonly delayMs?: number | undefined
  /** Pieces of `trickle`, default 8. */
  readonly chunks?: number | undefined
  /** No header at all when absent. */
  readonly retryAfterSeconds?: number | undefined
  /** Default `seconds`; `milliseconds` is the header retry-after-ms. */
  readonly retryAfterAs?: "seconds" | "milliseconds" | "http-date" | undefined
  /** Of `gone-endpoint`, default 404; of `refused-with-job`, default 429; of `lost-response-then-5xx`, default 500; of `large-page`, default 502; of `redirect`, default 302. */
  readonly status?: number | undefined
  readonly actionName?: string | undefined
  readonly actionLimit?: number | undefined
  /** Of `cooldown`, default 900. */
  readonly remainingSeconds?: number | undefined
  readonly skewMs?: number | undefined
  /** Of `truncated-body` and `short-file`, default half of the body. */
  readonly afterBytes?: number | undefined
  readonly framing?: "content-length" | "chunked" | "ended" | undefined
  /** Of `wrong-length`, `wrong-size`, and `changed-size`. */
  readonly extraBytes?: number | undefined
  readonly to?: "same-host" | "other-origin" | "raw-utf8" | undefined
  /**
   * Of `documented-error`, default `reason`; of `odd-rows`, `odd-dates`, and `rewritten-input`; of `unknown-status`, default `paused-for-review`; of `dropped-input` the input's name, default `prompt`; of
   * `legacy-result`, default `ids`.
   */
  readonly value?: string | undefined
  /** Of `shifting-pages`, default 1. */
  readonly items?: number | undefined
  /** Of `large-page`, default 40. */
  readonly maxRows?: number | undefined
}

export interface FaultTarget {
  readonly origin: "api" | "cdn"
  readonly method: string
  readonly path: string
  readonly isDryRun: boolean
}

/** A fault that hits the request at hand. */
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

/** What a fault can hit at all: a list's fault means nothing to a download. */
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

/** The faults waiting for their requests. */
export class Faults {
  readonly #seed: number
  #armed: Array<ArmedFault> = []
  #asked = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  /** The next request that matches (or the next `times`) is hit. */
  next(name: FaultName, options: FaultOptions = {}): void {
    this.#armed.push({ name: parseFaultName(name), options, remaining: options.times ?? 1, rate: undefined })
  }

  /** Each request that matches is hit with this probability, by the seed. */
  rate(name: FaultName, rate: number, options: FaultOptions = {}): void {
    if (!(rate >= 0 && rate <= 1)) throw new Error(`The rate of a fault is between 0 and 1, not ${rate}.`)
    this.#armed.push({ name: parseFaultName(name), options, remaining: Number.POSITIVE_INFINITY, rate })
  }

  clear(): void {
    this.#armed = []
  }

  /** Takes the faults that hit this request. */
  take(target: FaultTarget): ReadonlyArray<ActiveFault> {
    const random = createRandom(`${this.#seed}/faults/${this.#asked++}`)
    const hits = this.#armed.filter(
      (fault) => matches(fault, target) && (fault.rate === undefined || random() < fault.rate),
    )
    for (const fault of hits) fault.remaining -= 1
    this.#armed = this.#armed.filter((fault) => fault.remaining > 0)
    return hits.map(({ name, options }) => ({ name, options }))
  }
}

/** The fault of that name; an unknown name is an error that lists the known ones. */
export const parseFaultName = (name: string): FaultName => {
  const known = faultNames.find((candidate) => candidate === name)
  if (known === undefined)
    throw new Error(`There is no fault named "${name}". Known: ${faultNames.join(", ")}.`)
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
