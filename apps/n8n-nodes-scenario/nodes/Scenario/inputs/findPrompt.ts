import type { InputDescriptor } from "@scenario-automation/core"

/** The input that the Prompt field fills: `prompt`, or the first text that Scenario marks as a prompt. */
export const findPrompt = (descriptors: ReadonlyArray<InputDescriptor>): InputDescriptor | undefined =>
  descriptors.find(({ name }) => name === "prompt") ??
  descriptors.find(({ prompt, type }) => prompt === true && type === "string")
