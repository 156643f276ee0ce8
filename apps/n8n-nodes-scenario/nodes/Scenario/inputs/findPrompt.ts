import type { InputDescriptor } from "@scenario-automation/core"

/** The input that the field Prompt fills: the one of that name, or the first text that Scenario calls a prompt. */
export const findPrompt = (descriptors: ReadonlyArray<InputDescriptor>): InputDescriptor | undefined =>
  descriptors.find(({ name }) => name === "prompt") ??
  descriptors.find(({ prompt, type }) => prompt === true && type === "string")
