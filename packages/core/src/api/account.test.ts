import { assert, describe, it } from "@effect/vitest"
import { readCollectionAnswer } from "./Collection.ts"
import { readUploadAnswer } from "./Upload.ts"
import { readUsageReport } from "./Usage.ts"
import { readWorkflowAnswer } from "./Workflow.ts"

describe("a workflow", () => {
  it("is read in our words", () => {
    const workflow = readWorkflowAnswer({
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

  it("without inputs is not one whose inputs were left out", () => {
    assert.isUndefined(readWorkflowAnswer({ workflow: { id: "wflow_1" } })?.inputs)
    assert.deepStrictEqual(readWorkflowAnswer({ workflow: { id: "wflow_1", inputs: [] } })?.inputs, [])
  })
})

describe("an upload", () => {
  it("has its parts in their order", () => {
    const upload = readUploadAnswer({
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
      readUploadAnswer({ upload: { id: "upload_1", status: "failed", errorMessage: "too large" } })?.error,
      "too large",
    )
  })
})

describe("a usage report", () => {
  it("counts points that are text, as the contract has them, and points that are numbers", () => {
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

  it("names a person, or a key by its id", () => {
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

describe("what can't be read", () => {
  it("is undefined", () => {
    for (const body of [undefined, null, "text", [], { workflow: null }, { upload: {} }, { collection: 1 }]) {
      assert.isUndefined(readWorkflowAnswer(body))
      assert.isUndefined(readUploadAnswer(body))
      assert.isUndefined(readCollectionAnswer(body))
    }
    assert.isUndefined(readUsageReport("text"))
  })

  it("is left out of an answer that has one", () => {
    assert.deepInclude(readCollectionAnswer({ collection: { id: "col_1", name: 7, assetCount: 2 } }), {
      collectionId: "col_1",
      assetCount: 2,
    })
  })
})
