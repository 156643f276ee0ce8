import { assert, describe } from "@effect/vitest"
import { Result } from "effect"
import type { InputDescriptor } from "../src/api/InputDescriptor.ts"
import { ScenarioHttp } from "../src/http/ScenarioHttp.ts"
import { endpointNames, endpoints } from "../src/submit/EndpointTable.ts"
import { checkInputs } from "../src/submit/checkInputs.ts"
import { simulatedTest } from "./support/simulation.ts"

/** Makes a valid value for every field. */
const makeInputs = (fields: ReadonlyArray<InputDescriptor>, assetId: string, modelId: string): object => {
  const taken = new Set(["imageId", ...fields.map((field) => field.assetIdField)])
  const makeValue = (field: InputDescriptor): unknown => {
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
        return makeInputs(field.inputs ?? [], assetId, modelId)
      case "inputs_array":
        return [makeInputs(field.inputs ?? [], assetId, modelId)]
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
    fields.filter((field) => !taken.has(field.name)).map((field) => [field.name, makeValue(field)]),
  )
}

/** The ID of a simulated model that supports the endpoint. */
const getModelId = (name: string): string =>
  name.endsWith("-texture") ? "model_sd15-textures" : "model_flux-1-dev"

describe("every named endpoint", () => {
  simulatedTest.each(endpointNames)(
    "%s accepts all of its fields as the library sends them",
    function* (simulator, name) {
      const { fields, path, method } = endpoints[name]
      const inputs = makeInputs(fields, simulator.addAsset(), getModelId(name))
      const { body } = Result.getOrThrowWith(
        checkInputs(fields, inputs),
        (issues) => new Error(JSON.stringify(issues)),
      )
      const http = yield* ScenarioHttp
      const answer = yield* http.call({ method, path, body, query: { dryRun: "true" } })
      assert.strictEqual(answer.status, 269)
      assert.deepStrictEqual(simulator.violations(), [])
    },
  )
})
