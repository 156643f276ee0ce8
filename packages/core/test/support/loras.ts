import type { ExternalModel, Simulator } from "@scenario-automation/simulator"
import { assert } from "vitest"
import type { ModelRequest } from "../../src/submit/GenerationRequest.ts"
import { expectFailure } from "./expectFailure.ts"
import { submit } from "./generations.ts"
import { listRequests } from "./requests.ts"
import { simulatedTest } from "./simulation.ts"

export const prompt = "a red house by the sea"
export const flux1 = "model_bfl-flux-1-dev"
export const flux2 = "model_bfl-flux-2-dev"
export const watercolor = "model_own-watercolor"
export const portraits = "model_own-portraits"
export const heroes = "model_own-heroes"

export const promptInput = { name: "prompt", type: "string", required: { always: true } } as const

/** A public base model of an unknown family. */
export const xBase: ExternalModel = {
  id: "model_x-base",
  type: "custom",
  custom: true,
  privacy: "public",
  inputs: [
    promptInput,
    { name: "loras", type: "model_array", modelTypes: ["x-lora"] },
    { name: "lorasScale", type: "number_array", min: 0, max: 2 },
  ],
}

/** The endpoint and the body of the only submit, without the seed that the library chooses. */
export const getPaidRequest = (simulator: Simulator) => {
  const { entries } = simulator.ledger()
  assert.strictEqual(entries.length, 1)
  const endpoint = entries[0]?.endpoint ?? ""
  const { seed: _, ...echo } = Object(entries[0]?.body)
  // Without an input of that name, `modelId` is the called model.
  const { modelId, ...rest } = echo
  return { endpoint, body: endpoint.endsWith(`/${modelId}`) ? rest : echo }
}

/** Tests that a request runs the model `base` with the inputs `filled`. */
export const testRoute = (
  title: string,
  request: Omit<ModelRequest, "inputs"> & { readonly inputs?: ModelRequest["inputs"] },
  base: string,
  filled: object,
  models: ReadonlyArray<ExternalModel> = [],
) =>
  simulatedTest(title, function* (simulator) {
    for (const model of models) simulator.addModel(model)
    const { job } = yield* submit({ inputs: { prompt }, ...request })
    assert.deepStrictEqual(getPaidRequest(simulator), {
      endpoint: `/generate/custom/${base}`,
      body: { prompt, ...filled },
    })
    assert.strictEqual(job.modelId, base)
    assert.deepStrictEqual(simulator.violations(), [])
  })

/** Tests that a request is rejected with this issue, before a submit or a dry run. */
export const testIssue = (
  title: string,
  request: Omit<ModelRequest, "inputs"> & { readonly inputs?: ModelRequest["inputs"] },
  issue: { readonly path: string; readonly words: ReadonlyArray<string> },
  models: ReadonlyArray<ExternalModel> = [],
) =>
  simulatedTest(title, function* (simulator) {
    for (const model of models) simulator.addModel(model)
    const error = yield* expectFailure(submit({ inputs: { prompt }, ...request }), "InvalidInput")
    const { path, message } = error.issues[0] ?? {}
    assert.strictEqual(path, issue.path)
    for (const text of issue.words) assert.include(message, text)
    assert.deepStrictEqual(
      listRequests(simulator).filter((line) => line.includes("/generate/")),
      [],
    )
  })
