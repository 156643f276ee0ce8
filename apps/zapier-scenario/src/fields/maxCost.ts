import { InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import type { PlainInputField } from "zapier-platform-core"
import { optionalGroup } from "./optionalGroup.ts"
import { textAt } from "./textAt.ts"

export const maxCostField = {
  key: "maxCost",
  label: "Maximum Cost",
  type: "number",
  helpText:
    "In compute units. Scenario is asked for the price first; where it is higher, nothing is generated and the step is halted. Leave it empty for no limit.",
  group: optionalGroup.key,
} as const satisfies PlainInputField

/** A limit that cannot be read must not count as none. */
export const givenMaxCost = (
  inputData: Readonly<Record<string, unknown>>,
): Effect.Effect<number | undefined, InvalidInput> => {
  const text = textAt(inputData, maxCostField.key)
  const maxCost = Number(text)
  if (text === undefined) return Effect.succeed(undefined)
  return maxCost >= 0
    ? Effect.succeed(maxCost)
    : Effect.fail(
        new InvalidInput({
          issues: [{ path: maxCostField.label, expected: "a number of compute units, from 0", got: text }],
        }),
      )
}
