import type { ActiveFault, FaultOptions } from "../Faults.ts"
import { isJsonObject, type Json, type JsonObject, numberAt, stringsAt } from "../json.ts"
import type { World } from "../world/World.ts"
import type { Answer } from "./Exchange.ts"
import { contractEnvelope } from "./Refusal.ts"

/** What a fault does to a request that is not accepted. */
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

const html = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`

export const jsonReply = (
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): RawReply => ({
  status,
  contentType: "application/json",
  text: JSON.stringify(body),
  headers,
})

const answering = (reply: RawReply): Rejection => ({ kind: "answer", reply })

const retryAfter = (options: FaultOptions, now: number): Record<string, string> => {
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

/** The fault's way of not accepting a request; `undefined` for faults that let it through. */
export const rejection = (
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
      return answering(
        jsonReply(
          500,
          contractEnvelope(
            requestId,
            "InternalServerError",
            "Internal server error",
            new Date(now).toISOString(),
          ),
        ),
      )
    case "bad-gateway-html":
      return answering({ status: 502, contentType: "text/html", text: html("502 Bad Gateway"), headers: {} })
    case "unavailable":
      return answering(jsonReply(503, { message: "Service Unavailable" }, retryAfter(options, now)))
    case "gateway-timeout":
      return answering(jsonReply(504, { message: "Endpoint request timed out" }))
    case "rate-limited":
      return answering(
        jsonReply(429, { reason: "Too many requests", name: "TooManyRequests" }, retryAfter(options, now)),
      )
    case "concurrency-limited":
      return answering(
        jsonReply(
          429,
          concurrencyBody(options.actionName ?? "generate", options.actionLimit ?? 5),
          retryAfter(options, now),
        ),
      )
    case "concurrency-unnamed":
      return answering(
        jsonReply(
          429,
          { message: "Too many concurrent workflow runs for this project" },
          retryAfter(options, now),
        ),
      )
    case "cooldown":
      return answering(
        jsonReply(429, {
          reason: "You have reached the limit of your plan for now",
          details: { remainingSeconds: options.remainingSeconds ?? 900 },
        }),
      )
    case "unauthorized":
      return answering(jsonReply(401, { message: "Unauthorized" }))
    case "forbidden":
      return answering(jsonReply(403, { reason: "You don't have access to this resource" }))
    case "model-restricted":
      return answering(
        jsonReply(403, { reason: "You can't use this model", name: "ModelAccessRestrictedError" }),
      )
    case "access-denied":
      return answering(
        jsonReply(
          403,
          { Message: "User is not authorized to access this resource with an explicit deny" },
          { "x-amzn-errortype": "AccessDeniedException" },
        ),
      )
    case "missing-token":
      return answering(
        jsonReply(
          403,
          { message: "Missing Authentication Token" },
          { "x-amzn-errortype": "MissingAuthenticationTokenException" },
        ),
      )
    case "documented-error":
      return answering(jsonReply(400, documentedBody(options.value)))
    case "plan-required":
      return answering(
        jsonReply(402, { reason: "Not enough Compute Units: your plan doesn't cover this generation" }),
      )
    case "gone-endpoint":
      return answering(jsonReply(options.status ?? 404, { message: "Not Found" }))
    case "vanished-job":
      return answering(jsonReply(404, { reason: "Job not found" }))
    default:
      return undefined
  }
}

/** The three bodies of an error that the documentation shows. */
const documentedBody = (shape: string | undefined): JsonObject => {
  if (shape === "status") return { status: "error", code: "BAD_REQUEST", message: "The prompt is too long" }
  if (shape === "statusCode")
    return { statusCode: 400, error: "Bad Request", message: "The prompt is too long" }
  return { reason: "The prompt is too long", name: "BadRequest", details: { maxLength: 2000 } }
}

/** The 429 of a team that has as many jobs running as its plan allows [SK]. */
export const concurrencyBody = (actionName: string, actionLimit: number): JsonObject => ({
  reason: `You have reached the limit of ${actionLimit} concurrent actions for ${actionName}`,
  name: "TooManyRequests",
  details: { actionName, actionLimit },
})

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

const withoutInput = (job: JsonObject): JsonObject => {
  if (!isJsonObject(job["metadata"])) return job
  const { input: _input, ...metadata } = job["metadata"]
  return { ...job, metadata }
}

const withoutResult = (job: JsonObject): JsonObject => {
  const metadata = job["metadata"]
  if (job["status"] !== "success" || !isJsonObject(metadata)) return job
  const { output: _output, ...others } = metadata
  return { ...job, metadata: { ...others, assetIds: [] } }
}

const withDates = (job: JsonObject, { skewMs = 0, value = "iso" }: FaultOptions): JsonObject => {
  const change = (date: Json | undefined): Json | undefined => {
    if (typeof date !== "string") return date
    const time = Date.parse(date) + skewMs
    if (value === "epoch") return time
    const iso = new Date(time).toISOString()
    return value === "space" ? iso.replace("T", " ").replace("Z", "") : iso
  }
  return { ...job, createdAt: change(job["createdAt"]), updatedAt: change(job["updatedAt"]) }
}

const asOddRow = (row: Json, style: string | undefined): Json => {
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

const resized = (asset: JsonObject, extraBytes: number): JsonObject => {
  const properties = asset["properties"]
  if (!isJsonObject(properties)) return asset
  return { ...asset, properties: { ...properties, size: (numberAt(properties, "size") ?? 0) + extraBytes } }
}

/** A finished job as old prose shows it: its files in `result.images`, by id or by link. */
const withLegacyResult = (job: JsonObject, style: string | undefined, world: World): JsonObject => {
  const metadata = job["metadata"]
  if (!isJsonObject(metadata)) return job
  const { assetIds: _assetIds, ...rest } = metadata
  const assetIds = stringsAt(metadata, "assetIds")
  const images = style === "urls" ? assetIds.map((id) => world.links.sign(`/assets/${id}`)) : assetIds
  return { ...job, metadata: rest, result: { images } }
}

const withUnknownFields = (value: Json, depth: number): Json => {
  if (Array.isArray(value)) return value.map((entry: Json) => withUnknownFields(entry, depth))
  if (!isJsonObject(value) || depth > 3) return value
  const members = Object.entries(value).map(([name, member]): [string, Json | undefined] => [
    name,
    member === undefined || name === "input" || name === "output"
      ? member
      : withUnknownFields(member, depth + 1),
  ])
  return {
    ...Object.fromEntries(members),
    futureField: { since: "2027", values: [1, null, "x"] },
    futureFlag: true,
  }
}

const amounts = new Set(["creativeUnitsCost", "creativeUnitsCharged", "estimatedCost", "cuCost"])

const withTextAmounts = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withTextAmounts)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]): [string, Json | undefined] => [
      name,
      member === undefined ? member : amounts.has(name) ? JSON.stringify(member) : withTextAmounts(member),
    ]),
  )
}

/** Changes the content of an accepted answer. */
export const alter = (answer: Answer, { name, options }: ActiveFault, world: World): Answer => {
  switch (name) {
    case "missing-job-id": {
      return { ...answer, body: mapJobs(answer.body, ({ jobId: _jobId, ...job }) => job) }
    }
    case "missing-job": {
      const { job: _job, ...body } = answer.body
      return { ...answer, body }
    }
    case "legacy-job-id":
      return { ...answer, body: mapJobs(answer.body, ({ jobId, status }) => ({ id: jobId, status })) }
    case "plain-dry-run":
      return answer.status === 269 ? { ...answer, status: 200 } : answer
    case "payment-dry-run": {
      const { creativeUnitsCost, ipDetection } = answer.body
      return {
        ...answer,
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
      return { ...answer, status: 200, body: { ...answer.body, job: {} } }
    case "refused-with-job":
      return { ...answer, status: options.status ?? 429, body: { ...answer.body, reason: "Not now" } }
    case "odd-rows": {
      const { jobs } = answer.body
      const rows = Array.isArray(jobs) ? jobs.map((row: Json) => asOddRow(row, options.value)) : jobs
      return { ...answer, body: { ...answer.body, jobs: rows } }
    }
    case "odd-cursor": {
      const { nextPaginationToken: token } = answer.body
      return token === undefined
        ? answer
        : { ...answer, body: { ...answer.body, nextPaginationToken: { token } } }
    }
    case "odd-dates":
      return { ...answer, body: mapJobs(answer.body, (job) => withDates(job, options)) }
    case "list-without-inputs":
      return { ...answer, body: mapJobs(answer.body, withoutInput) }
    case "unknown-status":
      return {
        ...answer,
        body: mapJobs(answer.body, (job) => ({ ...job, status: options.value ?? "paused-for-review" })),
      }
    case "bare-success":
    case "late-result":
      return { ...answer, body: mapJobs(answer.body, withoutResult) }
    case "wrong-size":
      return {
        ...answer,
        body: mapAssets(answer.body, (asset) => resized(asset, options.extraBytes ?? 1000)),
      }
    case "missing-original":
      return { ...answer, body: mapAssets(answer.body, ({ originalFileUrl: _url, ...asset }) => asset) }
    case "legacy-result":
      return { ...answer, body: mapJobs(answer.body, (job) => withLegacyResult(job, options.value, world)) }
    case "text-amounts": {
      const body = withTextAmounts(answer.body)
      return isJsonObject(body) ? { ...answer, body } : answer
    }
    case "unknown-fields": {
      const body = withUnknownFields(answer.body, 0)
      return isJsonObject(body) ? { ...answer, body } : answer
    }
    default:
      return answer
  }
}

/** Written into the text: a number of JavaScript holds no such integer. */
const withLargeIntegers = (text: string): string =>
  text
    .replaceAll(/"seed":\s*("[^"]*"|\d+)/g, '"seed":6687881544318117707')
    .replaceAll(/("name":"seed"[^{}]*?"max":)\d+/g, (_, start: string) => `${start}18446744073709551615`)

/** Spoils the text of an accepted answer. */
export const corrupt = (reply: RawReply, { name }: ActiveFault): RawReply => {
  switch (name) {
    case "malformed-json":
      return { ...reply, text: `${reply.text.slice(0, Math.ceil(reply.text.length / 2))}"],}` }
    case "empty-body":
      return { ...reply, text: "" }
    case "large-integers":
      return { ...reply, text: withLargeIntegers(reply.text) }
    default:
      return reply
  }
}
