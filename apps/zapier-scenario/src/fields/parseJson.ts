import { parseJson as parse } from "@scenario-automation/core/host"

/** A text as JSON; `undefined` if it isn't. Integers that a number would round stay text. */
export const parseJson = (text: string): unknown => {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
