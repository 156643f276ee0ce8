import { requestFor } from "@scenario-automation/core"
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
import { toPlan } from "../generationPlan.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { makeWaitingOperation } from "./waitingOperation.ts"

const appField = {
  key: "app",
  label: "App",
  type: "string",
  required: true,
  altersDynamicFields: true,
  choices: { perform: listApps },
  helpText: "The App to run. Drafts aren't listed. The App decides which fields follow.",
} as const satisfies PlainInputField

const listAppFields = (z: ZObject, bundle: Bundle): Promise<Array<PlainInputField>> => {
  const app = readText(bundle.inputData, "app")
  return runStep(
    z,
    bundle,
    readStepInputs({ app }).pipe(withinStep(startStepBudget()), Effect.map(toInputFields)),
  )
}

const readAppRequest = Effect.fn("readAppRequest")(function* (inputData: Readonly<Record<string, unknown>>) {
  const workflow = yield* readRequiredText(inputData, appField, "Choose an App, or map its ID.")
  const inputs = yield* readStepInputs({ app: workflow })
  return toPlan(requestFor({ workflow }, yield* readInputs(inputData, inputs)), inputs)
})

export const runApp = defineCreate({
  key: "run_app",
  noun: "App Run",
  display: {
    label: "Run App",
    description:
      "Generates with an App, which is a workflow of several models, and returns the files with their URLs. Every run, including tests, spends compute units of your plan: the sum of the App's steps. The step waits about 20 seconds. If the App takes longer, Finished is false: use Find Generation with the returned Generation ID. If the App waits for an approval, the step returns at once, and Message says which step to approve.",
  },
  operation: {
    ...makeWaitingOperation(readAppRequest),
    inputFields: [appField, listAppFields, jsonField, maxCostField],
    sample: { ...generationSample, model: null },
  },
})
