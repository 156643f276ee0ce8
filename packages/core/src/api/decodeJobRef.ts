import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { isEncodableId, isId } from "./ids.ts"
import { describeValue } from "../utils/describeValue.ts"
import { InvalidInput } from "../errors.ts"
import { type InputIssue, makeValueIssue } from "../InputIssue.ts"
import type { JobRef } from "./Job.ts"

/**
 * Reads a stored job reference: an ID, a `JobRef` that was JSON, a database row (null is absent, a `Date` becomes ISO), or
 * anything that carries one as `job`. Everything else is `InvalidInput`, so that a wrong reference fails for its caller, and
 * never reaches a request or the account's watcher. The ID in a reference comes from the API, so it only has to be
 * encodable. An ID by itself may be a caller's mistake, so it must look like one.
 */
export const decodeJobRef = (job: unknown): Effect.Effect<JobRef, InvalidInput> =>
  Effect.suspend(() => {
    const decoded = readJobRef(job)
    return decoded instanceof InvalidInput ? Effect.fail(decoded) : Effect.succeed(decoded)
  })

/** Returns the reference, or the error. */
export const readJobRef = (job: unknown): JobRef | InvalidInput => {
  if (typeof job === "string") return isId(job) ? { jobId: job } : invalid([makeIdIssue("job", job)])
  if (!Predicate.isObject(job)) return invalid([makeIdIssue("job", job)])
  const isReference = Reflect.get(job, "jobId") !== undefined || !("job" in job)
  const record: unknown = isReference ? job : job.job
  // Some endpoints return `job` as an ID.
  if (typeof record === "string") return readJobRef(record)
  if (!Predicate.isObject(record)) return invalid([makeIdIssue("job.jobId", undefined)])
  return readRecord(record)
}

const readRecord = (record: object): JobRef | InvalidInput => {
  const issues: Array<InputIssue> = []
  const jobId: unknown = Reflect.get(record, "jobId")
  if (!isEncodableId(jobId)) issues.push(makeIdIssue("job.jobId", jobId))
  const readText = (name: "modelId" | "workflowId"): string | undefined => {
    const value: unknown = Reflect.get(record, name)
    if (isAbsent(value)) return undefined
    if (typeof value === "string") return value
    issues.push(makeValueIssue(`job.${name}`, "text or nothing", describeValue(value)))
    return undefined
  }
  const ref = {
    jobId: isEncodableId(jobId) ? jobId : "",
    submittedAt: readDate(Reflect.get(record, "submittedAt"), issues),
    modelId: readText("modelId"),
    workflowId: readText("workflowId"),
  }
  return issues.length === 0 ? ref : invalid(issues)
}

const readDate = (value: unknown, issues: Array<InputIssue>): string | undefined => {
  if (isAbsent(value)) return undefined
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  if (typeof value === "string" && !Number.isNaN(Date.parse(value))) return value
  issues.push(
    makeValueIssue("job.submittedAt", "an ISO date, a valid Date, or nothing", describeValue(value)),
  )
  return undefined
}

/** Databases have null, and forms have empty fields. */
const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ""

const invalid = (issues: ReadonlyArray<InputIssue>): InvalidInput => new InvalidInput({ issues })

const makeIdIssue = (path: string, got: unknown): InputIssue =>
  makeValueIssue(path, "the ID of a job, without spaces and slashes", describeValue(got))
