import { Effect } from "effect"
import type { PlainInputField } from "zapier-platform-core"
import { listAssets } from "../choices/assetChoices.ts"
import { findFileProblem } from "./fileLink.ts"
import { refuseField } from "./InvalidFields.ts"
import { readOptionalText } from "./readField.ts"

/** Files and assets have two fields, because Zapier turns anything in a file field into a link, even an asset ID. */
export const fileField = {
  key: "file",
  label: "File",
  type: "file",
  helpText:
    "A file from an earlier step, or a link to a file. The step imports it into Scenario first. Fill in either File or Asset.",
} as const satisfies PlainInputField

export const assetField = {
  key: "asset",
  label: "Asset",
  type: "string",
  choices: { perform: listAssets },
  helpText: "An asset that is already in Scenario. Choose one, or map the Asset ID of an earlier step.",
} as const satisfies PlainInputField

export const missingAsset = "Choose an asset, or map an Asset ID."

export const readFileInput = Effect.fnUntraced(function* (inputData: Readonly<Record<string, unknown>>) {
  const file = yield* readOptionalText(inputData, fileField)
  const asset = yield* readOptionalText(inputData, assetField)
  const [given, label] = file === undefined ? [asset, assetField.label] : [file, fileField.label]
  if (given === undefined) return yield* refuseField(bothLabels, "Fill in one of the two.")
  if (file !== undefined && asset !== undefined)
    return yield* refuseField(bothLabels, "Fill in only one of the two.")
  const problem = findFileProblem(given)
  return problem === undefined ? given : yield* refuseField(label, problem)
})

const bothLabels = `${fileField.label}, ${assetField.label}`
