import { type GenerationRequest, requestFor } from "@scenario-automation/core"
import { Effect } from "effect"
import { type Bundle, defineCreate, type PlainInputField, type ZObject } from "zapier-platform-core"
import { appChoices } from "../choices/appChoices.ts"
import { givenInputs, jsonField } from "../fields/givenInputs.ts"
import { inputFieldsOf } from "../fields/inputFields.ts"
import { inputsOfStep } from "../fields/inputsOfStep.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { textAt } from "../fields/textAt.ts"
import { generationSample } from "../outputs/generationOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { waitingOperation } from "./waitingOperation.ts"

const appFields = (z: ZObject, bundle: Bundle): Promise<Array<PlainInputField>> => {
  const app = textAt(bundle.inputData, "app")
  return runStep(
    z,
    bundle,
    inputsOfStep({ app }).pipe(withinStep(startStepClock()), Effect.map(inputFieldsOf)),
  )
}

const appRequest = Effect.fn("appRequest")(function* (inputData: Readonly<Record<string, unknown>>) {
  const workflow = textAt(inputData, "app") ?? ""
  const inputs = yield* givenInputs(inputData, yield* inputsOfStep({ app: workflow }))
  const request: GenerationRequest = requestFor({ workflow }, inputs)
  return request
})

export const runApp = defineCreate({
  key: "run_app",
  noun: "App Run",
  display: {
    label: "Run App",
    description:
      "Generates with one of your Apps, which are workflows of several models. Each run, tests included, spends compute units of your plan, the sum of its steps. It waits about 20 seconds and returns the files with their URLs; for what takes longer Finished is false, and Find Generation takes it up by its ID. An App that waits for somebody's approval is returned at once: Message says for which, and where to approve.",
  },
  operation: {
    ...waitingOperation(appRequest),
    inputFields: [
      {
        key: "app",
        label: "App",
        type: "string",
        required: true,
        altersDynamicFields: true,
        choices: { perform: appChoices },
        helpText: "The App to run. It must be ready, not a draft. Which inputs it takes depends on it.",
      },
      appFields,
      jsonField,
      maxCostField,
    ],
    sample: { ...generationSample, model: null },
  },
})
