import { InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import type { PlainInputField } from "zapier-platform-core"
import { assetChoices } from "../choices/assetChoices.ts"
import { textAt } from "./textAt.ts"

/** A file or an asset: Zapier turns whatever is put into a file field into a link, also an asset's id. */
export const fileField = {
  key: "file",
  label: "File",
  type: "file",
  helpText:
    "A file from another step, or its URL. Scenario imports it first. Leave it empty to use an asset.",
} as const satisfies PlainInputField

export const assetField = {
  key: "asset",
  label: "Asset",
  type: "string",
  choices: { perform: assetChoices },
  helpText: "An asset that Scenario has already, for instance the one of an earlier step.",
} as const satisfies PlainInputField

/** What core takes as a file: an asset's id, or a link to import. */
export const givenFile = (
  inputData: Readonly<Record<string, unknown>>,
): Effect.Effect<string, InvalidInput> => {
  const given = [fileField, assetField]
    .map(({ key }) => textAt(inputData, key))
    .filter((one) => one !== undefined)
  const [only, second] = given
  return only !== undefined && second === undefined
    ? Effect.succeed(only)
    : Effect.fail(
        new InvalidInput({
          issues: [
            { path: "File, Asset", expected: "one of the two", got: only === undefined ? "neither" : "both" },
          ],
        }),
      )
}
