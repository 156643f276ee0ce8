import { InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import { textAt } from "./textAt.ts"

/** What was filled into a field that must not be empty: Zapier lets a mapped value be empty all the same. */
export const requiredText = (
  inputData: Readonly<Record<string, unknown>>,
  { key, label }: { readonly key: string; readonly label: string },
): Effect.Effect<string, InvalidInput> => {
  const text = textAt(inputData, key)
  return text === undefined
    ? Effect.fail(new InvalidInput({ issues: [{ path: label, expected: "an ID", got: "nothing" }] }))
    : Effect.succeed(text)
}
