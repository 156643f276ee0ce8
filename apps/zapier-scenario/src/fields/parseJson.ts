import { parseJson as parse } from "@scenario-automation/core"

/** What a text holds as JSON, or nothing. Integers that a number would round stay text. */
export const parseJson = (text: string): unknown => {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
