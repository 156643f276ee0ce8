import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import type { InputDescriptor } from "../src/api/InputDescriptor.ts"
import { ScenarioHttp } from "../src/http/ScenarioHttp.ts"
import { endpointNames, endpoints } from "../src/submit/EndpointTable.ts"
import { checkInputs } from "../src/submit/ModelInputs.ts"
import { simulate } from "./support/simulation.ts"

/** A value for every field, as its descriptor wants it. */
const filled = (fields: ReadonlyArray<InputDescriptor>, assetId: string, modelId: string): object => {
  const taken = new Set(["imageId", ...fields.map((field) => field.assetIdField)])
  const valueOf = (field: InputDescriptor): unknown => {
    const [allowed] = field.allowedValues ?? []
    const value = field.default ?? allowed
    if (value !== undefined) return value
    switch (field.type) {
      case "number":
        return field.min ?? 1
      case "boolean":
        return false
      case "file":
        return assetId
      case "model":
        return modelId
      case "inputs":
        return filled(field.inputs ?? [], assetId, modelId)
      case "inputs_array":
        return [filled(field.inputs ?? [], assetId, modelId)]
      case "number_array":
        return [0, 0, 1, 1]
      case "number_array_array":
        return [[1, 20, 30]]
      case "file_array":
        return [assetId]
      case "string_array":
        return field.name.endsWith("Ids") ? [assetId] : ["words"]
      default:
        return field.name === "modality" ? "canny" : "1"
    }
  }
  return Object.fromEntries(
    fields.filter((field) => !taken.has(field.name)).map((field) => [field.name, valueOf(field)]),
  )
}

/** A model of the simulator that offers the mode. */
const modelFor = (name: string): string =>
  name.endsWith("-texture") ? "model_sd15-textures" : "model_flux-1-dev"

describe("every named endpoint", () => {
  it.effect.each(endpointNames)("%s takes all of its fields as we send them", (name) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { fields, path, method } = endpoints[name]
        const inputs = filled(fields, simulator.addAsset(), modelFor(name))
        const { body } = Result.getOrThrowWith(
          checkInputs(fields, inputs),
          (issues) => new Error(JSON.stringify(issues)),
        )
        const http = yield* ScenarioHttp
        const answer = yield* http.call({ method, path, body, query: { dryRun: "true" } })
        assert.strictEqual(answer.status, 269)
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )
})
