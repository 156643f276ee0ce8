import { assert, describe, it } from "vitest"
import { describeReason } from "../ApiErrorReason.ts"
import { readErrorResponse, readRetryAfter } from "./readErrorResponse.ts"

const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readErrorResponse({ status, body, headers, now: 0 })

describe("readErrorResponse", () => {
  it.each([
    [401, { message: "Unauthorized" }, "Unauthorized"],
    [402, { reason: "Not enough credits" }, "PlanRequired"],
    [403, { message: "User is not authorized to access this resource" }, "Forbidden"],
    [403, { reason: "Model model_x needs the Enterprise plan" }, "PlanRequired"],
    [404, { reason: "Job job_1 not found" }, "NotFound"],
    [400, { reason: '"modelId" must be a string' }, "Rejected"],
    [413, { message: "Request Too Long" }, "Rejected"],
    [408, undefined, "Unavailable"],
    [500, { id: "x", apiError: "InternalError", error: "oops", infos: {} }, "Unavailable"],
    [502, "<html><head><title>502 Bad Gateway</title></head></html>", "Unavailable"],
    [307, "", "UnexpectedBody"],
    [429, {}, "RateLimited"],
  ])("reads %i with %j as %s", (status, body, tag) => {
    assert.strictEqual(read(status, body).reason._tag, tag)
  })

  it("takes the API's message from a body of any shape", () => {
    assert.strictEqual(read(400, { reason: "one" }).reason.detail, "one")
    assert.strictEqual(read(400, { message: "two" }).reason.detail, "two")
    assert.strictEqual(
      read(400, { id: "1", apiError: "E", error: "three", infos: {} }).reason.detail,
      "three",
    )
    assert.strictEqual(read(400, "<title>four</title>").reason.detail, "four")
    for (const nothing of [undefined, {}, " ", "<html></html>"]) {
      assert.strictEqual(read(400, nothing).reason.detail, "HTTP 400")
    }
  })

  it("distinguishes the three kinds of 429", () => {
    const kinds = [
      read(429, { reason: "slow down" }),
      read(429, { reason: "too many jobs", details: { actionName: "custom", actionLimit: 5 } }),
      read(429, { reason: "cooling down", details: { remainingSeconds: 900 } }),
    ].map(({ reason }) => (reason._tag === "RateLimited" ? [reason.kind, reason.retryAfterMs] : reason._tag))
    assert.deepStrictEqual(kinds, [
      ["rate", undefined],
      ["concurrency", undefined],
      ["cooldown", 900_000],
    ])
  })

  it.each([1e308, "1e308", Number.MAX_VALUE, 99_999_999_999])("limits a pause to a week: %s s", (seconds) => {
    const week = 7 * 24 * 3_600
    const errors = [
      read(429, { reason: "cooling down", details: { remainingSeconds: seconds } }),
      read(429, { reason: "slow down" }, { "retry-after": `${seconds}` }),
      read(429, { reason: "slow down" }, { "retry-after-ms": `${Number(seconds)}` }),
    ]
    for (const { reason } of errors) {
      if (reason._tag !== "RateLimited") return assert.fail(reason._tag)
      assert.strictEqual(reason.retryAfterMs, week * 1000)
      assert.include(describeReason(reason, "GET /jobs"), `Try again in ${week} s`)
    }
  })

  it("reads a negative pause as zero", () => {
    const { reason } = read(429, { reason: "cooling down", details: { remainingSeconds: -5 } })
    assert.strictEqual(reason._tag === "RateLimited" && reason.retryAfterMs, 0)
  })

  it("reports the field that the API's validator names", () => {
    const { reason } = read(400, { reason: '"modelId" must be a string' })
    assert.deepStrictEqual(reason._tag === "Rejected" ? reason.issues.map((issue) => issue.path) : [], [
      "modelId",
    ])
  })

  it("returns the request ID", () => {
    assert.strictEqual(read(500, {}, { "x-request-id": "r1" }).requestId, "r1")
    assert.strictEqual(read(500, { traceId: "t1" }).requestId, "t1")
  })
})

describe("readRetryAfter", () => {
  it.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after-ms": "1500" }, 1_500],
    [{ "retry-after": "Thu, 01 Jan 1970 00:00:30 GMT" }, 30_000],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ])("reads %j as %s", (headers, expected) => {
    assert.strictEqual(readRetryAfter(headers, 0), expected)
  })
})
