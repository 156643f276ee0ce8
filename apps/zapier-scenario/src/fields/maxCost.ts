import { InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, PlainInputField } from "zapier-platform-core"
import { optionalGroup } from "./optionalGroup.ts"
import { describeValue, isFilledIn } from "./readText.ts"

/** Text, because Zapier's own conversion of numbers makes a limit of what isn't one: "high" is 0, "5 CU" is 5. */
export const maxCostField = {
  key: "maxCost",
  label: "Maximum Cost",
  type: "string",
  helpText:
    "A number of compute units. The step asks for the price first: if it is higher, nothing is generated and the Zap is halted. Leave it empty for no limit.",
  group: optionalGroup.key,
} as const satisfies PlainInputField

/** A limit that can't be read must not count as no limit, nor may one that was mapped and turned out to be empty. */
export const readMaxCost = ({
  inputData,
  inputDataRaw,
}: Pick<Bundle, "inputData"> & Partial<Pick<Bundle, "inputDataRaw">>): Effect.Effect<
  number | undefined,
  InvalidInput
> => {
  const value: unknown = inputData[maxCostField.key]
  const wasMapped = isFilledIn(inputDataRaw?.[maxCostField.key])
  if (!isFilledIn(value) && !wasMapped) return Effect.succeed(undefined)
  const maxCost = readAmount(value)
  return maxCost === undefined
    ? Effect.fail(
        new InvalidInput({
          issues: [
            {
              path: maxCostField.label,
              expected: "a number of compute units, 0 or more",
              got: isFilledIn(value) ? describeValue(value) : "a mapped value that is empty",
            },
          ],
        }),
      )
    : Effect.succeed(maxCost)
}

const readAmount = (value: unknown): number | undefined => {
  const amount =
    typeof value === "string" && /^\s*\+?(\d+(\.\d*)?|\.\d+)\s*$/.test(value) ? Number(value) : value
  return typeof amount === "number" && Number.isFinite(amount) && amount >= 0 ? amount : undefined
}
