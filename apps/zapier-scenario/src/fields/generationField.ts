import type { PlainInputField } from "zapier-platform-core"
import { listGenerations } from "../choices/generationChoices.ts"

export const generationField = {
  key: "generation",
  label: "Generation",
  type: "string",
  required: true,
  choices: { perform: listGenerations },
  helpText: "The generation to use. Map the Generation ID of an earlier step, or choose one of the latest.",
} as const satisfies PlainInputField

export const missingGeneration = "Choose a generation, or map a Generation ID."
