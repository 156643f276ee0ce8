import { assert, describe, it } from "@effect/vitest"
import { readCollectionResponse } from "./Collection.ts"
import { readUploadResponse } from "./Upload.ts"
import { readUsageReport } from "./Usage.ts"
import { readWorkflowResponse } from "./Workflow.ts"

describe("a workflow", () => {
  it("is read from the fields of the API", () => {
    const workflow = readWorkflowResponse({
      workflow: {
        id: "wflow_1",
        tagSet: ["a"],
        inputs: [{ name: "prompt", type: "string" }],
        flow: [{ id: "draw", type: "custom-model", modelId: "model_1" }, { type: "nameless" }],
        outputAssetKinds: ["image"],
      },
    })
    assert.deepInclude(workflow, { workflowId: "wflow_1", tags: ["a"], outputKinds: ["image"] })
    assert.deepStrictEqual(workflow?.nodes, [{ nodeId: "draw", type: "custom-model", modelId: "model_1" }])
    assert.strictEqual(workflow?.inputs?.[0]?.name, "prompt")
  })

  it("without inputs differs from one whose inputs were left out", () => {
    assert.isUndefined(readWorkflowResponse({ workflow: { id: "wflow_1" } })?.inputs)
    assert.deepStrictEqual(readWorkflowResponse({ workflow: { id: "wflow_1", inputs: [] } })?.inputs, [])
  })
})

describe("an upload", () => {
  it("has its parts in order", () => {
    const upload = readUploadResponse({
      upload: {
        id: "upload_1",
        status: "pending",
        parts: [
          { number: 2, url: "https://b" },
          { number: 1, url: "https://a", expires: "2026-01-01" },
        ],
      },
    })
    assert.deepStrictEqual(upload?.parts, [
      { number: 1, url: "https://a", expiresAt: "2026-01-01" },
      { number: 2, url: "https://b", expiresAt: undefined },
    ])
  })

  it("says why it failed", () => {
    assert.strictEqual(
      readUploadResponse({ upload: { id: "upload_1", status: "failed", errorMessage: "too large" } })?.error,
      "too large",
    )
  })
})

describe("a usage report", () => {
  it("reads points that are text, as in the contract, or numbers", () => {
    const report = readUsageReport({
      usages: [
        {
          usageName: "upscale",
          granularity: "1d",
          points: [
            { time: "2026-01-01", value: "2.5" },
            { time: "2026-01-02", value: 3 },
            { time: "2026-01-03", value: "many" },
          ],
        },
      ],
      activity: [{ time: "2026-01-01", action: "upscale", creativeUnitsCost: 2.5, data: { job: {} } }],
    })
    assert.deepStrictEqual(
      report?.series[0]?.points.map((point) => point.value),
      [2.5, 3],
    )
    assert.deepInclude(report?.activity[0], { action: "upscale", cost: 2.5 })
    assert.deepStrictEqual(report?.consumption, [])
  })

  it("names a user, and a key by its ID", () => {
    const consumption = readUsageReport({
      consumption: [
        { userId: "user_1", value: 4, userData: { isApiKey: false, fullName: "Ada" } },
        { userId: "apiu_1", value: 3, userData: { isApiKey: true, apiKeyId: "api_1" } },
      ],
    })?.consumption
    assert.deepStrictEqual(
      consumption?.map((one) => one.userName),
      ["Ada", "api_1"],
    )
  })
})

describe("another value", () => {
  it("is undefined", () => {
    for (const body of [undefined, null, "text", [], { workflow: null }, { upload: {} }, { collection: 1 }]) {
      assert.isUndefined(readWorkflowResponse(body))
      assert.isUndefined(readUploadResponse(body))
      assert.isUndefined(readCollectionResponse(body))
    }
    assert.isUndefined(readUsageReport("text"))
  })

  it("is left out of a collection", () => {
    assert.deepInclude(readCollectionResponse({ collection: { id: "col_1", name: 7, assetCount: 2 } }), {
      collectionId: "col_1",
      assetCount: 2,
    })
  })
})
