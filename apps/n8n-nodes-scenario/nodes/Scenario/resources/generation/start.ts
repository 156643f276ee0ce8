import { Effect } from "effect"
import { registerCallbackAccount, registerCallbacks } from "../../callbacks.ts"
import { startOptions } from "../../fields/options.ts"
import {
  costNotice,
  fileNotice,
  makeInputsField,
  modeField,
  modelField,
  promptField,
} from "../../fields/target.ts"
import { startItem } from "../../generating.ts"
import { readGenerationRequest } from "../../inputs/readRequest.ts"
import type { Operation } from "../../Operation.ts"
import { toPlainJson } from "../../output/toJson.ts"

export const start: Operation = {
  value: "start",
  name: "Start",
  action: "Start a generation without waiting",
  description:
    "Start a generation without waiting for it. Use Wait, the Scenario Trigger or the Callback URL option to get the result.",
  fields: [
    modelField,
    modeField,
    promptField,
    makeInputsField("modelId.value", "mode"),
    fileNotice,
    costNotice,
    startOptions,
  ],
  beforeAll: registerCallbackAccount,
  run: Effect.fnUntraced(function* (item) {
    const { job, cost, snapshot } = yield* startItem(item, yield* readGenerationRequest(item))
    return [{ json: toPlainJson({ ...job, cost, status: snapshot?.status }) }]
  }),
  afterAll: registerCallbacks,
}
