import { assert, describe, it } from "@effect/vitest"
import { makeRequirement } from "../api/InputDescriptor.ts"
import { closestName } from "./closestName.ts"
import { endpoints } from "./EndpointTable.ts"
import { describeInputs } from "./InputHelp.ts"

describe("describeInputs", () => {
  it("says in words what each input takes", () => {
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

describe("closestName", () => {
  it("finds a slip of the finger, another case and another spelling", () => {
    const names = ["prompt", "negativePrompt", "numSamples"]
    assert.strictEqual(closestName("promt", names), "prompt")
    assert.strictEqual(closestName("PROMPT", names), "prompt")
    assert.strictEqual(closestName("negative-prompt", names), "negativePrompt")
    assert.strictEqual(closestName("num_sample", names), "numSamples")
  })

  it("suggests nothing that is not close", () => {
    assert.isUndefined(closestName("sd", ["id"]))
    assert.isUndefined(closestName("colour", ["prompt", "width"]))
    assert.isUndefined(closestName("x".repeat(1e6), ["prompt"]))
  })
})
