import type { LoraChoice } from "@scenario-automation/core"
import { BadParameter } from "../BadParameter.ts"
import { quote } from "../readValues.ts"
import { toText } from "../values.ts"

/** LoRAs separated by commas or lines, each a model ID with an optional strength: `model_a, model_b:0.6`. */
export const readLoras = (value: unknown): ReadonlyArray<LoraChoice> | undefined => {
  const entries = (Array.isArray(value) ? value : [value]).flatMap(
    (part) => toText(part)?.split(/[,\n]/) ?? [],
  )
  const loras = entries
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(readLora)
  return loras.length === 0 ? undefined : loras
}

const readLora = (entry: string): LoraChoice => {
  const [model = "", strength] = entry.split(":").map((part) => part.trim())
  if (strength === undefined) return model
  const number = strength === "" ? Number.NaN : Number(strength)
  if (model !== "" && Number.isFinite(number)) return { model, strength: number }
  throw new BadParameter({
    message: `More LoRAs has an entry that can't be read: ${quote(entry)}. Nothing was sent. Write a model ID, or a model ID and a strength, such as model_abc:0.6.`,
  })
}
