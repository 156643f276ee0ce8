import { assert, describe, it } from "@effect/vitest"
import { makeRequirement } from "../api/InputDescriptor.ts"
import { findClosestName } from "./findClosestName.ts"
import { endpoints } from "./EndpointTable.ts"
import { describeInputs } from "./describeInputs.ts"

describe("describeInputs", () => {
  it("describes what each input takes", () => {
    const help = new Map(describeInputs(endpoints.txt2img.fields).map((input) => [input.name, input]))
    assert.strictEqual(help.get("numSamples")?.takes, "a whole number from 1 to 128")
    assert.strictEqual(help.get("width")?.takes, "a number from 64 to 2048 in steps of 8")
    assert.strictEqual(help.get("prompt")?.required, "always")
    assert.isUndefined(help.get("seed")?.required)
    assert.strictEqual(help.get("aspectRatio")?.default, "1:1")
    assert.deepStrictEqual(
      help.get("concepts")?.inputs?.map((input) => input.name),
      ["modelId", "scale", "modelEpoch"],
    )
  })

  it("says when an input is required", () => {
    const requiredWhen = (conditions: Parameters<typeof makeRequirement>[0]) =>
      describeInputs([{ name: "x", type: "string", required: makeRequirement(conditions) }])[0]?.required
    assert.strictEqual(requiredWhen({ ifDefined: ["mask"] }), "when mask is set")
    assert.strictEqual(requiredWhen({ ifNotDefined: ["a", "b"] }), "unless a or b is set")
    assert.strictEqual(
      requiredWhen({ ifDefined: ["mask"], conditionalValues: [{ input: "mode", values: ["x", 1] }] }),
      "when mask is set, or when mode is x or 1",
    )
    assert.isUndefined(requiredWhen({}))
  })
})

describe("findClosestName", () => {
  it("finds a name with a typo, another case, or another spelling", () => {
    const names = ["prompt", "negativePrompt", "numSamples"]
    assert.strictEqual(findClosestName("promt", names), "prompt")
    assert.strictEqual(findClosestName("PROMPT", names), "prompt")
    assert.strictEqual(findClosestName("negative-prompt", names), "negativePrompt")
    assert.strictEqual(findClosestName("num_sample", names), "numSamples")
  })

  it("finds nothing if no name is close", () => {
    assert.isUndefined(findClosestName("sd", ["id"]))
    assert.isUndefined(findClosestName("colour", ["prompt", "width"]))
    assert.isUndefined(findClosestName("x".repeat(1e6), ["prompt"]))
  })
})
