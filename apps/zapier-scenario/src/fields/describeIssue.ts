import type { InputDescriptor, InputIssue } from "@scenario-automation/core"
import type { FieldProblem } from "./InvalidFields.ts"
import { getInputLabel } from "./inputLabel.ts"

export const toFieldProblems = (
  issues: ReadonlyArray<InputIssue>,
  inputs: ReadonlyArray<InputDescriptor> = [],
): ReadonlyArray<FieldProblem> =>
  issues.map(({ path, message }) => ({ label: getIssueLabel(path, inputs), problem: message }))

export const describeIssues = (issues: ReadonlyArray<InputIssue>): string =>
  toFieldProblems(issues)
    .map(({ label, problem }) => `${label}: ${problem}`)
    .join(" ")

/** `referenceImages[2]` is `Reference Images, item 3`. What no field is labeled like is named as the JSON names it, too. */
const getIssueLabel = (path: string, inputs: ReadonlyArray<InputDescriptor>): string => {
  const [name = path] = /^[^.[]+/.exec(path) ?? []
  const place = path
    .slice(name.length)
    .replaceAll(/\[(\d+)\]/g, (_, index: string) => `, item ${Number(index) + 1}`)
    .replaceAll(".", ", ")
  const descriptor = inputs.find((input) => input.name === name)
  if (descriptor === undefined) return stepFields.get(name) ?? `"${name}" in Additional Inputs (JSON)${place}`
  const label = getInputLabel(descriptor)
  const isObvious = label.replaceAll(/\s/g, "").toLowerCase() === name.toLowerCase()
  return `${label}${isObvious ? "" : ` ("${name}" in Additional Inputs (JSON))`}${place}`
}

const stepFields: ReadonlyMap<string, string> = new Map([
  ["jobId", "Generation"],
  ["assetId", "Asset"],
  ["model", "Model"],
  ["modelId", "Model"],
  ["baseModel", "Base Model"],
  ["strength", "LoRA Strength"],
  ["loras", "More LoRAs"],
  ["workflow", "App"],
  ["workflowId", "App"],
  ["collectionId", "Collection"],
  ["endpoint", "Mode"],
])
