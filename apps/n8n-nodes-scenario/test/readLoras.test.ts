import { assert, describe, it } from "vitest"
import { readLoras } from "../nodes/Scenario/inputs/readLoras.ts"

describe("the option More LoRAs", () => {
  it("takes model IDs with and without a strength, separated by commas or lines", () => {
    assert.deepStrictEqual(readLoras("model_a, model_b:0.6,model_c: 1\nmodel_d"), [
      "model_a",
      { model: "model_b", strength: 0.6 },
      { model: "model_c", strength: 1 },
      "model_d",
    ])
    assert.deepStrictEqual(readLoras(["model_a"]), ["model_a"])
  })

  it("is not set if it is empty", () => {
    for (const empty of [undefined, null, "", " , "]) assert.isUndefined(readLoras(empty))
  })

  it.each(["model_a:strong", "model_a:", ":0.6"])(
    "fails before anything is sent if an entry is %j",
    (text) => {
      assert.throws(() => readLoras(text), /More LoRAs has an entry that can't be read: .* Nothing was sent/)
    },
  )
})
