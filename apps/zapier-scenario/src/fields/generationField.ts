import type { PlainInputField } from "zapier-platform-core"
import { generationChoices } from "../choices/generationChoices.ts"

export const generationField = {
  key: "generation",
  label: "Generation",
  type: "string",
  required: true,
  choices: { perform: generationChoices },
  helpText: "Which one: the ID that an earlier step has returned, or one of the latest.",
} as const satisfies PlainInputField
