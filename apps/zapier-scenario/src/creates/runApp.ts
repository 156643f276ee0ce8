import { type GenerationRequest, requestFor } from "@scenario-automation/core"
import { Effect } from "effect"
import { type Bundle, defineCreate, type PlainInputField, type ZObject } from "zapier-platform-core"
import { appChoices } from "../choices/appChoices.ts"
import { givenInputs, jsonField } from "../fields/givenInputs.ts"
import { requiredText } from "../fields/givenText.ts"
import { inputFieldsOf } from "../fields/inputFields.ts"
import { inputsOfStep } from "../fields/inputsOfStep.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { textAt } from "../fields/textAt.ts"
import { generationSample } from "../outputs/generationOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { waitingOperation } from "./waitingOperation.ts"

const appField = {
  key: "app",
  label: "App",
  type: "string",
  required: true,
  altersDynamicFields: true,
  choices: { perform: appChoices },
  helpText: "The App to run. It must be ready, not a draft. It decides which inputs there are.",
} as const satisfies PlainInputField

const appFields = (z: ZObject, bundle: Bundle): Promise<Array<PlainInputField>> => {
  const app = textAt(bundle.inputData, "app")
  return runStep(
    z,
    bundle,
    inputsOfStep({ app }).pipe(withinStep(startStepClock()), Effect.map(inputFieldsOf)),
  )
}

const appRequest = Effect.fn("appRequest")(function* (inputData: Readonly<Record<string, unknown>>) {
  const workflow = yield* requiredText(inputData, appField)
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
      "Generates with one of your Apps, which are workflows of several models. Each run, tests included, spends compute units of your plan, the sum of its steps. It waits about 20 seconds and returns the files with their URLs. If it takes longer, Finished is false: use Find Generation with the returned ID. An App that waits for an approval is returned at once: Message says which step waits, and where to approve it.",
  },
  operation: {
    ...waitingOperation(appRequest),
    inputFields: [appField, appFields, jsonField, maxCostField],
    sample: { ...generationSample, model: null },
  },
})
