import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { readJob, readJobResponse } from "./Job.ts"

describe("readJob", () => {
  test("reads the job that the API documents", () => {
    const job = readJob({
      jobId: "job_1",
      jobType: "custom",
      status: "in-progress",
      progress: 0.42,
      createdAt: "2023-02-03T11:19:41.579Z",
      statusHistory: [{ status: "queued", date: "2023-02-03T11:19:41.579Z" }],
      billing: { cuCost: 14, cuDiscount: 0, disableRefund: true },
      metadata: { assetIds: ["asset_1"], input: { modelId: "model_1", prompt: "a house" }, hint: "wait" },
    })
    assert.strictEqual(job?.jobId, "job_1")
    assert.strictEqual(job?.progress, 0.42)
    assert.strictEqual(job?.cost, 14)
    assert.isTrue(job?.refundDisabled)
    assert.strictEqual(job?.modelId, "model_1")
    assert.deepStrictEqual(job?.assetIds, ["asset_1"])
  })

  test.each([
    ["the `id` of an older quick start", { id: "job_1", status: "queued" }],
    ["a job with nothing else", { jobId: "job_1" }],
    [
      "nulls instead of absent fields",
      { jobId: "job_1", progress: null, metadata: null, statusHistory: null },
    ],
    ["fields of other types", { jobId: "job_1", progress: "42 %", createdAt: 7, metadata: "x", billing: [] }],
    ["unknown fields", { jobId: "job_1", status: "dreaming", mood: "good", metadata: { novelty: [1] } }],
  ])("reads %s", (_, body) => {
    assert.strictEqual(readJob(body)?.jobId, "job_1")
    assert.deepStrictEqual(readJob(body)?.assetIds, [])
  })

  test.each([
    ["14", 14],
    ["0.25", 0.25],
    ["", undefined],
    ["a lot", undefined],
    [null, undefined],
  ])("reads the cost %j as %j", (cuCost, cost) => {
    assert.strictEqual(readJob({ jobId: "job_1", billing: { cuCost } })?.cost, cost)
  })

  test("reads the assets of an older quick start", () => {
    assert.deepStrictEqual(readJob({ id: "job_1", result: { assetIds: ["asset_1"] } })?.assetIds, ["asset_1"])
  })

  test("keeps the readable assets of a list", () => {
    const job = readJob({ jobId: "job_1", metadata: { assetIds: ["asset_1", null, "asset_2"] } })
    assert.deepStrictEqual(job?.assetIds, ["asset_1", "asset_2"])
  })

  test.each([
    [0.15, 0.15],
    [15, 0.15],
    [100, 1],
    [250, 1],
    [1, 1],
    [-1, undefined],
    ["15 %", undefined],
  ])("reads the progress %j as %j", (progress, expected) => {
    assert.strictEqual(readJob({ jobId: "job_1", progress })?.progress, expected)
  })

  test("reads whether a failure is reimbursed only if the billing says so", () => {
    assert.isUndefined(readJob({ jobId: "job_1", billing: { cuCost: 5 } })?.refundDisabled)
    assert.isFalse(readJob({ jobId: "job_1", billing: { disableRefund: false } })?.refundDisabled)
  })

  test.each([
    [null, undefined],
    ["", undefined],
    ["out of memory", "out of memory"],
    [{ code: 7 }, '{"code":7}'],
    [{ code: 7, message: "out of memory" }, "out of memory"],
  ])("reads the error %j as %j", (error, expected) => {
    assert.strictEqual(readJob({ jobId: "job_1", metadata: { error } })?.error, expected)
    assert.strictEqual(readJob({ jobId: "job_1", error })?.error, expected)
  })

  it.effect.prop("reads any JSON", { body: Schema.Json }, ({ body }) =>
    Effect.sync(() => {
      const job = readJob(body)
      assert.isTrue(job === undefined || job.jobId.length > 0)
    }),
  )
})

describe("readJobResponse", () => {
  test("reads `{ job }`, and a job by itself", () => {
    assert.strictEqual(readJobResponse({ job: { jobId: "job_1" } })?.jobId, "job_1")
    assert.strictEqual(readJobResponse({ jobId: "job_1" })?.jobId, "job_1")
    assert.isUndefined(readJobResponse({ message: "hello" }))
    assert.isUndefined(readJobResponse("<html>"))
  })
})

describe("the result of an older quick start", () => {
  test("can have images as IDs, as links with an ID, and as other links", () => {
    const job = readJob({
      id: "job_1",
      status: "success",
      metadata: { assetIds: [] },
      result: {
        images: [
          "asset_1",
          "https://cdn.cloud.scenario.com/assets/asset_2?p=100",
          "https://cdn.example.com/house.png?Signature=x",
          { id: "asset_3", url: "https://cdn.example.com/3.png" },
          { url: "https://cdn.example.com/4.png" },
          7,
        ],
      },
    })
    assert.deepStrictEqual(job?.assetIds, ["asset_1", "asset_2", "asset_3"])
    assert.deepStrictEqual(job?.links, [
      "https://cdn.example.com/house.png?Signature=x",
      "https://cdn.example.com/4.png",
    ])
  })
})
