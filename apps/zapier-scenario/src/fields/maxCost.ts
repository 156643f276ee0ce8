import { Effect } from "effect"
import type { Bundle, PlainInputField } from "zapier-platform-core"
import { type InvalidFields, refuseField } from "./InvalidFields.ts"
import { optionalGroup } from "./optionalGroup.ts"
import { describeValue, isFilledIn } from "./readText.ts"

/** A text field, because Zapier's number fields turn any text into a limit: "high" is 0, "5 CU" is 5. */
export const maxCostField = {
  key: "maxCost",
  label: "Maximum Cost",
  type: "string",
  helpText:
    "The most compute units that one run may cost, such as 20. The step asks for the price first. If it is higher, nothing is generated and the Zap run is halted. Leave it empty for no limit.",
  group: optionalGroup.key,
} as const satisfies PlainInputField

/** A limit that can't be read must not count as no limit, nor may a mapped value that turns out to be empty. */
export const readMaxCost = ({
  inputData,
  inputDataRaw,
}: Pick<Bundle, "inputData"> & Partial<Pick<Bundle, "inputDataRaw">>): Effect.Effect<
  number | undefined,
  InvalidFields
> => {
  const { key, label } = maxCostField
  const value: unknown = inputData[key]
  if (!isFilledIn(value)) {
    return isFilledIn(inputDataRaw?.[key])
      ? refuseField(label, "The mapped value is empty. Map a number, or clear the field for no limit.")
      : Effect.succeed(undefined)
  }
  const maxCost = readAmount(value)
  return maxCost === undefined
    ? refuseField(
        label,
        `Enter a number of compute units, 0 or more, such as 20, instead of ${describeValue(value)}.`,
      )
    : Effect.succeed(maxCost)
}

const readAmount = (value: unknown): number | undefined => {
  const amount =
    typeof value === "string" && /^\s*\+?(\d+(\.\d*)?|\.\d+)\s*$/.test(value) ? Number(value) : value
  return typeof amount === "number" && Number.isFinite(amount) && amount >= 0 ? amount : undefined
}
