import { type GenerationRequest, requestFor } from "@scenario-automation/core"
import { Effect } from "effect"
import { type Bundle, defineCreate, type PlainInputField, type ZObject } from "zapier-platform-core"
import { listApps } from "../choices/appChoices.ts"
import { readInputs, jsonField } from "../fields/readInputs.ts"
import { readRequiredText } from "../fields/readField.ts"
import { toInputFields } from "../fields/inputFields.ts"
import { readStepInputs } from "../fields/stepInputs.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { readText } from "../fields/readText.ts"
import { generationSample } from "../outputs/generationOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { makeWaitingOperation } from "./waitingOperation.ts"

const appField = {
  key: "app",
  label: "App",
  type: "string",
  required: true,
  altersDynamicFields: true,
  choices: { perform: listApps },
  helpText: "The App to run. It must be ready, not a draft. It decides which inputs there are.",
} as const satisfies PlainInputField

const listAppFields = (z: ZObject, bundle: Bundle): Promise<Array<PlainInputField>> => {
  const app = readText(bundle.inputData, "app")
  return runStep(
    z,
    bundle,
    readStepInputs({ app }).pipe(withinStep(startStepClock()), Effect.map(toInputFields)),
  )
}

const readAppRequest = Effect.fn("readAppRequest")(function* (inputData: Readonly<Record<string, unknown>>) {
  const workflow = yield* readRequiredText(inputData, appField)
  const inputs = yield* readInputs(inputData, yield* readStepInputs({ app: workflow }))
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
    ...makeWaitingOperation(readAppRequest),
    inputFields: [appField, listAppFields, jsonField, maxCostField],
    sample: { ...generationSample, model: null },
  },
})
