import type { InputDescriptor } from "@scenario-automation/core"
import { describeInputs, type InputHelp } from "@scenario-automation/core/host"
import { toPrintable } from "../display/cells.ts"
import { formatTable } from "./formatTable.ts"

/** A row for each input, and its hint below. */
export const formatInputTable = (
  descriptors: ReadonlyArray<InputDescriptor>,
  columns: number,
): ReadonlyArray<string> => {
  const inputs = flatten(descriptors, describeInputs(descriptors), "")
  if (inputs.length === 0)
    return ["This model has no inputs of its own. `scenario models get` shows how to run it."]
  const [head = "", ...rows] = formatTable([
    ["INPUT", "TYPE", "REQUIRED", "DEFAULT", "TAKES"],
    ...inputs.map(({ path, type, help }) => [
      path,
      type,
      help.required ?? "",
      formatDefault(help.default),
      `${help.takes}${help.changesCost ? " (changes the price)" : ""}`,
    ]),
  ])
  const lastColumn = head.indexOf("TAKES")
  return [
    head,
    ...rows.flatMap((row, index) => [
      ...wrapLine(row, columns, lastColumn),
      ...wrapLine(`    ${toPrintable(inputs[index]?.help.hint ?? "")}`, columns, 4),
    ]),
  ]
}

const formatDefault = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "")

interface FlatInput {
  readonly path: string
  readonly type: string
  readonly help: InputHelp
}

const flatten = (
  descriptors: ReadonlyArray<InputDescriptor>,
  helps: ReadonlyArray<InputHelp>,
  prefix: string,
): ReadonlyArray<FlatInput> =>
  descriptors.flatMap((descriptor, index) => {
    const help = helps[index]
    if (help === undefined) return []
    const path = `${prefix}${descriptor.name}`
    const within = descriptor.type.endsWith("_array") ? `${path}[].` : `${path}.`
    return [
      { path, type: descriptor.type, help },
      ...flatten(descriptor.inputs ?? [], help.inputs ?? [], within),
    ]
  })

/** Breaks a line between words. Further lines are indented; a blank line gives none. */
const wrapLine = (line: string, columns: number, indent: number): ReadonlyArray<string> => {
  const width = Math.max(columns, indent + 24)
  if (line.trim() === "") return []
  if (line.length <= width) return [line]
  const space = line.lastIndexOf(" ", width)
  const end = space <= indent ? width : space
  return [line.slice(0, end), ...wrapLine(" ".repeat(indent) + line.slice(end).trimStart(), columns, indent)]
}
