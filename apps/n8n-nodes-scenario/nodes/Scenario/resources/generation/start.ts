import { Effect } from "effect"
import { startOptions } from "../../fields/options.ts"
import { costNotice, inputsField, modeField, modelField } from "../../fields/target.ts"
import { submitOnce } from "../../generating.ts"
import { generationRequestOf } from "../../inputs/requestOf.ts"
import type { Operation } from "../../Operation.ts"
import { plainJson } from "../../output/plainJson.ts"

export const start: Operation = {
  value: "start",
  name: "Start",
  action: "Start a generation without waiting",
  description: "Start a generation and return its job at once; get the result later with Wait or the trigger",
  fields: [modelField, modeField, inputsField("modelId.value", "mode"), costNotice, startOptions],
  run: Effect.fnUntraced(function* (item) {
    const { job, cost, snapshot } = yield* submitOnce(item, yield* generationRequestOf(item))
    return [{ json: plainJson({ ...job, cost, status: snapshot?.status }) }]
  }),
}
