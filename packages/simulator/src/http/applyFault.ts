import type { ActiveFault, FaultOptions } from "../Faults.ts"
import { isJsonObject, type Json, type JsonObject, readNumber, readStrings } from "../json.ts"
import type { World } from "../world/World.ts"
import type { ApiResponse } from "./Exchange.ts"
import { toContractError } from "./Refusal.ts"

/** How a fault keeps a request from being accepted. */
export type Rejection =
  | { readonly kind: "reset" }
  | { readonly kind: "hang" }
  | { readonly kind: "answer"; readonly reply: RawReply }

export interface RawReply {
  readonly status: number
  readonly contentType: string
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

export const toJsonReply = (
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): RawReply => ({
  status,
  contentType: "application/json",
  text: JSON.stringify(body),
  headers,
})

/** How the fault rejects the request, or `undefined` if the request is accepted. */
export const getRejection = (
  { name, options }: ActiveFault,
  now: number,
  requestId: string,
): Rejection | undefined => {
  switch (name) {
    case "connection-reset":
      return { kind: "reset" }
    case "hang":
      return { kind: "hang" }
    case "server-error":
      return rejectWith(
        toJsonReply(
          500,
          toContractError(
            requestId,
            "InternalServerError",
            "Internal server error",
            new Date(now).toISOString(),
          ),
        ),
      )
    case "bad-gateway-html":
      return rejectWith({
        status: 502,
        contentType: "text/html",
        text: toHtml("502 Bad Gateway"),
        headers: {},
      })
    case "unavailable":
      return rejectWith(toJsonReply(503, { message: "Service Unavailable" }, getRetryAfter(options, now)))
    case "gateway-timeout":
      return rejectWith(toJsonReply(504, { message: "Endpoint request timed out" }))
    case "rate-limited":
      return rejectWith(
        toJsonReply(
          429,
          { reason: "Too many requests", name: "TooManyRequests" },
          getRetryAfter(options, now),
        ),
      )
    case "concurrency-limited":
      return rejectWith(
        toJsonReply(
          429,
          toConcurrencyError(options.actionName ?? "generate", options.actionLimit ?? 5),
          getRetryAfter(options, now),
        ),
      )
    case "concurrency-unnamed":
      return rejectWith(
        toJsonReply(
          429,
          { message: "Too many concurrent workflow runs for this project" },
          getRetryAfter(options, now),
        ),
      )
    case "cooldown":
      return rejectWith(
        toJsonReply(429, {
          reason: "You have reached the limit of your plan for now",
          details: { remainingSeconds: options.remainingSeconds ?? 900 },
        }),
      )
    case "unauthorized":
      return rejectWith(toJsonReply(401, { message: "Unauthorized" }))
    case "forbidden":
      return rejectWith(toJsonReply(403, { reason: "You don't have access to this resource" }))
    case "model-restricted":
      return rejectWith(
        toJsonReply(403, { reason: "You can't use this model", name: "ModelAccessRestrictedError" }),
      )
    case "access-denied":
      return rejectWith(
        toJsonReply(
          403,
          { Message: "User is not authorized to access this resource with an explicit deny" },
          { "x-amzn-errortype": "AccessDeniedException" },
        ),
      )
    case "missing-token":
      return rejectWith(
        toJsonReply(
          403,
          { message: "Missing Authentication Token" },
          { "x-amzn-errortype": "MissingAuthenticationTokenException" },
        ),
      )
    case "documented-error":
      return rejectWith(toJsonReply(400, getDocumentedError(options.value)))
    case "plan-required":
      return rejectWith(
        toJsonReply(402, { reason: "Not enough Compute Units: your plan doesn't cover this generation" }),
      )
    case "gone-endpoint":
      return rejectWith(toJsonReply(options.status ?? 404, { message: "Not Found" }))
    case "vanished-job":
      return rejectWith(toJsonReply(404, { reason: "Job not found" }))
    default:
      return undefined
  }
}

/** The body of the 429 for a team that runs as many jobs as its plan allows. */
export const toConcurrencyError = (actionName: string, actionLimit: number): JsonObject => ({
  reason: `You have reached the limit of ${actionLimit} concurrent actions for ${actionName}`,
  name: "TooManyRequests",
  details: { actionName, actionLimit },
})

/** Changes the body of the response to an accepted request. */
export const changeBody = (
  response: ApiResponse,
  { name, options }: ActiveFault,
  world: World,
): ApiResponse => {
  switch (name) {
    case "missing-job-id": {
      return { ...response, body: mapJobs(response.body, ({ jobId: _jobId, ...job }) => job) }
    }
    case "missing-job": {
      const { job: _job, ...body } = response.body
      return { ...response, body }
    }
    case "legacy-job-id":
      return { ...response, body: mapJobs(response.body, ({ jobId, status }) => ({ id: jobId, status })) }
    case "plain-dry-run":
      return response.status === 269 ? { ...response, status: 200 } : response
    case "payment-dry-run": {
      const { creativeUnitsCost, ipDetection } = response.body
      return {
        ...response,
        status: 402,
        body: {
          statusCode: 402,
          message: "Dry run completed",
          estimatedCost: creativeUnitsCost,
          ipDetection,
        },
      }
    }
    case "empty-job-dry-run":
      return { ...response, status: 200, body: { ...response.body, job: {} } }
    case "refused-with-job":
      return { ...response, status: options.status ?? 429, body: { ...response.body, reason: "Not now" } }
    case "odd-rows": {
      const { jobs } = response.body
      const rows = Array.isArray(jobs) ? jobs.map((row: Json) => toOddRow(row, options.value)) : jobs
      return { ...response, body: { ...response.body, jobs: rows } }
    }
    case "odd-cursor": {
      const { nextPaginationToken: token } = response.body
      return token === undefined
        ? response
        : { ...response, body: { ...response.body, nextPaginationToken: { token } } }
    }
    case "odd-dates":
      return { ...response, body: mapJobs(response.body, (job) => changeDates(job, options)) }
    case "list-without-inputs":
      return { ...response, body: mapJobs(response.body, removeInput) }
    case "unknown-status":
      return {
        ...response,
        body: mapJobs(response.body, (job) => ({ ...job, status: options.value ?? "paused-for-review" })),
      }
    case "bare-success":
    case "late-result":
      return { ...response, body: mapJobs(response.body, removeResult) }
    case "wrong-size":
      return {
        ...response,
        body: mapAssets(response.body, (asset) => changeSize(asset, options.extraBytes ?? 1000)),
      }
    case "missing-original":
      return { ...response, body: mapAssets(response.body, ({ originalFileUrl: _url, ...asset }) => asset) }
    case "legacy-result":
      return { ...response, body: mapJobs(response.body, (job) => toLegacyResult(job, options.value, world)) }
    case "text-amounts": {
      const body = toTextAmounts(response.body)
      return isJsonObject(body) ? { ...response, body } : response
    }
    case "unknown-fields": {
      const body = addUnknownFields(response.body, 0)
      return isJsonObject(body) ? { ...response, body } : response
    }
    default:
      return response
  }
}

/** Changes the text of the response to an accepted request. */
export const corruptText = (reply: RawReply, { name }: ActiveFault): RawReply => {
  switch (name) {
    case "malformed-json":
      return { ...reply, text: `${reply.text.slice(0, Math.ceil(reply.text.length / 2))}"],}` }
    case "empty-body":
      return { ...reply, text: "" }
    case "large-integers":
      return { ...reply, text: insertLargeIntegers(reply.text) }
    default:
      return reply
  }
}

const toHtml = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`

const rejectWith = (reply: RawReply): Rejection => ({ kind: "answer", reply })

const getRetryAfter = (options: FaultOptions, now: number): Record<string, string> => {
  const seconds = options.retryAfterSeconds
  if (seconds === undefined) return {}
  switch (options.retryAfterAs ?? "seconds") {
    case "seconds":
      return { "retry-after": `${seconds}` }
    case "milliseconds":
      return { "retry-after-ms": `${seconds * 1000}` }
    case "http-date":
      return { "retry-after": new Date(now + seconds * 1000).toUTCString() }
  }
}

/** The three forms of an error body in the documentation. */
const getDocumentedError = (shape: string | undefined): JsonObject => {
  if (shape === "status") return { status: "error", code: "BAD_REQUEST", message: "The prompt is too long" }
  if (shape === "statusCode")
    return { statusCode: 400, error: "Bad Request", message: "The prompt is too long" }
  return { reason: "The prompt is too long", name: "BadRequest", details: { maxLength: 2000 } }
}

const mapJobs = (body: JsonObject, change: (job: JsonObject) => JsonObject): JsonObject => {
  const { job, jobs } = body
  return {
    ...body,
    ...(isJsonObject(job) ? { job: change(job) } : {}),
    ...(Array.isArray(jobs)
      ? { jobs: jobs.map((entry: Json) => (isJsonObject(entry) ? change(entry) : entry)) }
      : {}),
  }
}

const removeInput = (job: JsonObject): JsonObject => {
  if (!isJsonObject(job["metadata"])) return job
  const { input: _input, ...metadata } = job["metadata"]
  return { ...job, metadata }
}

const removeResult = (job: JsonObject): JsonObject => {
  const metadata = job["metadata"]
  if (job["status"] !== "success" || !isJsonObject(metadata)) return job
  const { output: _output, ...others } = metadata
  return { ...job, metadata: { ...others, assetIds: [] } }
}

const changeDates = (job: JsonObject, { skewMs = 0, value = "iso" }: FaultOptions): JsonObject => {
  const change = (date: Json | undefined): Json | undefined => {
    if (typeof date !== "string") return date
    const time = Date.parse(date) + skewMs
    if (value === "epoch") return time
    const iso = new Date(time).toISOString()
    return value === "space" ? iso.replace("T", " ").replace("Z", "") : iso
  }
  return { ...job, createdAt: change(job["createdAt"]), updatedAt: change(job["updatedAt"]) }
}

const toOddRow = (row: Json, style: string | undefined): Json => {
  if (style !== "unreadable" || !isJsonObject(row)) return { job: row }
  const { jobId: _jobId, ...rest } = row
  return rest
}

const mapAssets = (body: JsonObject, change: (asset: JsonObject) => JsonObject): JsonObject => {
  const { asset, assets } = body
  return {
    ...body,
    ...(isJsonObject(asset) ? { asset: change(asset) } : {}),
    ...(Array.isArray(assets)
      ? { assets: assets.map((entry: Json) => (isJsonObject(entry) ? change(entry) : entry)) }
      : {}),
  }
}

const changeSize = (asset: JsonObject, extraBytes: number): JsonObject => {
  const properties = asset["properties"]
  if (!isJsonObject(properties)) return asset
  return { ...asset, properties: { ...properties, size: (readNumber(properties, "size") ?? 0) + extraBytes } }
}

/** A finished job as in older documentation: its files are in `result.images`, by ID or link. */
const toLegacyResult = (job: JsonObject, style: string | undefined, world: World): JsonObject => {
  const metadata = job["metadata"]
  if (!isJsonObject(metadata)) return job
  const { assetIds: _assetIds, ...rest } = metadata
  const assetIds = readStrings(metadata, "assetIds")
  const images = style === "urls" ? assetIds.map((id) => world.links.sign(`/assets/${id}`)) : assetIds
  return { ...job, metadata: rest, result: { images } }
}

const addUnknownFields = (value: Json, depth: number): Json => {
  if (Array.isArray(value)) return value.map((entry: Json) => addUnknownFields(entry, depth))
  if (!isJsonObject(value) || depth > 3) return value
  const members = Object.entries(value).map(([name, member]): [string, Json | undefined] => [
    name,
    member === undefined || name === "input" || name === "output"
      ? member
      : addUnknownFields(member, depth + 1),
  ])
  return {
    ...Object.fromEntries(members),
    futureField: { since: "2027", values: [1, null, "x"] },
    futureFlag: true,
  }
}

const amounts = new Set(["creativeUnitsCost", "creativeUnitsCharged", "estimatedCost", "cuCost"])

const toTextAmounts = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(toTextAmounts)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]): [string, Json | undefined] => [
      name,
      member === undefined ? member : amounts.has(name) ? JSON.stringify(member) : toTextAmounts(member),
    ]),
  )
}

/** Inserted into the text, because a JavaScript number can't hold such an integer. */
const insertLargeIntegers = (text: string): string =>
  text
    .replaceAll(/"seed":\s*("[^"]*"|\d+)/g, '"seed":6687881544318117707')
    .replaceAll(/("name":"seed"[^{}]*?"max":)\d+/g, (_, start: string) => `${start}18446744073709551615`)
