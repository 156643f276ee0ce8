import { InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import type { PlainInputField } from "zapier-platform-core"
import { listAssets } from "../choices/assetChoices.ts"
import { describeLink, findFileProblem } from "./fileLink.ts"
import { readOptionalText } from "./readField.ts"

/** A file or an asset: Zapier makes a link of anything that is put into a file field, even of an asset's ID. */
export const fileField = {
  key: "file",
  label: "File",
  type: "file",
  helpText:
    "A file from another step, or a link to it. It is imported first. Leave it empty to use an asset.",
} as const satisfies PlainInputField

export const assetField = {
  key: "asset",
  label: "Asset",
  type: "string",
  choices: { perform: listAssets },
  helpText: "An asset that is already there, for instance the one that an earlier step returned.",
} as const satisfies PlainInputField

/** What core takes as a file: an asset's ID, or a link to import. */
export const readFileInput = Effect.fnUntraced(function* (inputData: Readonly<Record<string, unknown>>) {
  const file = yield* readOptionalText(inputData, fileField)
  const asset = yield* readOptionalText(inputData, assetField)
  const [given, path] = file === undefined ? [asset, assetField.label] : [file, fileField.label]
  if (given === undefined || (file !== undefined && asset !== undefined)) {
    const got = given === undefined ? "neither" : "both"
    return yield* new InvalidInput({
      issues: [{ path: `${fileField.label}, ${assetField.label}`, expected: "one of the two", got }],
    })
  }
  const expected = findFileProblem(given)
  return expected === undefined
    ? given
    : yield* new InvalidInput({ issues: [{ path, expected, got: describeLink(given) }] })
})
