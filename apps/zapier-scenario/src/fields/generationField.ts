import type { PlainInputField } from "zapier-platform-core"
import { listGenerations } from "../choices/generationChoices.ts"

export const generationField = {
  key: "generation",
  label: "Generation",
  type: "string",
  required: true,
  choices: { perform: listGenerations },
  helpText: "The ID that an earlier step returned, or one of the latest generations.",
} as const satisfies PlainInputField
