import type { InputDescriptor } from "@scenario-automation/core"

export const getInputLabel = (descriptor: Pick<InputDescriptor, "name" | "label" | "type">): string => {
  const { label = "", name } = descriptor
  if (label.trim() !== "") return label
  // Zapier wants no field that asks for an ID by its label.
  return toTitle(takesModels(descriptor) ? name.replace(/(?<=.)Ids?$/, "") : name)
}

export const takesModels = ({ type }: Pick<InputDescriptor, "type">): boolean => /^model(_array)?$/.test(type)

/** `numOutputs` as `Num Outputs`. */
export const toTitle = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ")
