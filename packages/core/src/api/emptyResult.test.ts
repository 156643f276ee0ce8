import { assert, describe, test } from "@effect/vitest"
import { lacksResult } from "./emptyResult.ts"

describe("lacksResult", () => {
  test("is true only for a success without assets and output", () => {
    assert.isTrue(lacksResult({ status: "success", assetIds: [] }))
    assert.isFalse(lacksResult({ status: "success", assetIds: ["asset_1"] }))
    assert.isFalse(lacksResult({ status: "success", assetIds: [], output: { text: "a house" } }))
    assert.isFalse(lacksResult({ status: "failure", assetIds: [] }))
  })
})
