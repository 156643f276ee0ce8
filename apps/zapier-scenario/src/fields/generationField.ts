import type { PlainInputField } from "zapier-platform-core"
import { generationChoices } from "../choices/generationChoices.ts"

export const generationField = {
  key: "generation",
  label: "Generation",
  type: "string",
  required: true,
  choices: { perform: generationChoices },
  helpText: "The ID that an earlier step returned, or one of the latest generations.",
} as const satisfies PlainInputField
