import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { type InputDescriptor, makeRequirement } from "../api/InputDescriptor.ts"
import type { GenerationRequest } from "./GenerationRequest.ts"
import { chooseSeed, findSeedRange } from "./seedIdentity.ts"

const request: GenerationRequest = { model: "model_1", inputs: {} }
const seed: InputDescriptor = { name: "seed", type: "number", min: 0, max: 2_147_483_647 }
const count: InputDescriptor = { name: "numOutputs", type: "number", default: 1 }

const rangeFor = (
  descriptors: ReadonlyArray<InputDescriptor> | undefined,
  body: Record<string, unknown> = {},
  of: GenerationRequest = request,
) => findSeedRange(of, body, descriptors)

describe("findSeedRange", () => {
  it.effect.each<
    readonly [what: string, descriptors: ReadonlyArray<InputDescriptor>, body?: Record<string, unknown>]
  >([
    ["a number", [seed]],
    ["a text", [{ name: "seed", type: "string" }]],
    ["one with default 0", [{ ...seed, default: 0 }]],
    ["one with default -1", [{ ...seed, min: -1, default: "-1" }]],
    ["one that is blank", [seed], { seed: " " }],
    ["one that is null", [seed], { seed: null }],
    ["one beside one output by default", [seed, count]],
    ["one beside one output that was asked for", [seed, { ...count, default: 4 }], { numOutputs: "1" }],
    ["one without bounds", [{ name: "seed", type: "number" }]],
  ])("may choose %s", ([, descriptors, body]) =>
    Effect.sync(() => {
      assert.isDefined(rangeFor(descriptors, body))
    }),
  )

  it.effect.each<
    readonly [what: string, descriptors: ReadonlyArray<InputDescriptor>, body?: Record<string, unknown>]
  >([
    ["one that the caller set", [seed], { seed: 0 }],
    ["another name", [{ ...seed, name: "noiseSeed" }]],
    ["one within an object", [{ name: "options", type: "inputs", inputs: [seed] }]],
    ["a required one", [{ ...seed, required: makeRequirement({ always: true }) }]],
    ["one with a default", [{ ...seed, default: 42 }]],
    ["one with allowed values", [{ ...seed, allowedValues: [1, 2] }]],
    ["one that changes the price", [{ ...seed, costImpact: true }]],
    ["one of a small range", [{ ...seed, max: 65_535 }]],
    ["one of a small range by its steps", [{ ...seed, step: 1_000 }]],
    ["one of another type", [{ ...seed, type: "boolean" }]],
    ["one of several outputs", [seed, count], { numOutputs: 2 }],
    ["one of several outputs by default", [seed, { ...count, default: 4 }]],
    ["one if the number of outputs is unknown", [seed, { name: "num_images", type: "number" }]],
    ["one of several results by another name", [seed, { name: "max_images", type: "number", default: 15 }]],
  ])("never chooses %s", ([, descriptors, body]) =>
    Effect.sync(() => {
      assert.isUndefined(rangeFor(descriptors, body))
    }),
  )

  it("chooses none for workflows, for text, for models without described inputs, and for most of prompt-editing", () => {
    assert.isUndefined(rangeFor([seed], {}, { workflow: "wflow_1", inputs: {} }))
    assert.isUndefined(rangeFor([seed], {}, { endpoint: "prompt", inputs: { mode: "structured" } }))
    assert.isUndefined(rangeFor(undefined))
    const editing = { endpoint: "prompt-editing", inputs: { image: "asset_1", prompt: "x" } } as const
    assert.isUndefined(rangeFor([seed], { modelId: "gpt-image-1" }, editing))
    assert.isDefined(rangeFor([seed], { modelId: "flux-kontext" }, editing))
  })
})

describe("chooseSeed", () => {
  it.effect.prop(
    "chooses a whole number within the bounds, on the step, that 31 bits hold",
    { key: Schema.String, isKeyed: Schema.Boolean },
    ({ key, isKeyed }) =>
      Effect.gen(function* () {
        const range = rangeFor([{ ...seed, min: 3, max: 4_000_000_000, step: 3 }])
        if (range === undefined) return assert.fail("no range")
        const chosen = yield* chooseSeed(range, isKeyed ? key : undefined)
        if (isKeyed) assert.strictEqual(yield* chooseSeed(range, key), chosen)
        assert.isTrue(Number.isInteger(chosen) && chosen >= 3 && chosen <= 2_147_483_647 && chosen % 3 === 0)
      }),
  )
})
