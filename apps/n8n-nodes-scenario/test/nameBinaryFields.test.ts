import { assert, describe, it } from "vitest"
import { nameBinaryFields } from "../nodes/Scenario/output/nameBinaryFields.ts"

const assets = ["a", "b", "c"].map((assetId) => ({ assetId }))

describe("the binary fields of a job", () => {
  it("give the job's primary file the first name, at any place in the job's order", () => {
    assert.deepStrictEqual(nameBinaryFields("data", assets, assets[0]), ["data", "data_2", "data_3"])
    assert.deepStrictEqual(nameBinaryFields("data", assets, assets[1]), ["data_2", "data", "data_3"])
    assert.deepStrictEqual(nameBinaryFields("data", assets, assets[2]), ["data_2", "data_3", "data"])
  })

  it("begin with the first file if the job has no primary one", () => {
    assert.deepStrictEqual(nameBinaryFields("file", assets, undefined), ["file", "file_2", "file_3"])
    assert.deepStrictEqual(nameBinaryFields("file", [], undefined), [])
  })
})
