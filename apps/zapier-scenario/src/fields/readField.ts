import { InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import { describeValue, isFilledIn, isUnresolved, readText } from "./readText.ts"

interface TextField {
  readonly key: string
  readonly label: string
}

/** The text of a field that may be empty. What isn't text is refused: ignoring it would change what the step does. */
export const readOptionalText = (
  inputData: Readonly<Record<string, unknown>>,
  { key, label }: TextField,
): Effect.Effect<string | undefined, InvalidInput> => {
  const text = readText(inputData, key)
  const value = inputData[key]
  const isWrong = isUnresolved(text) || (text === undefined && isFilledIn(value) && !isEmptyList(value))
  return isWrong ? refuse(label, "one text", describeValue(value)) : Effect.succeed(text)
}

/** The text of a field that must not be empty: a mapped value can be empty all the same. */
export const readRequiredText = (
  inputData: Readonly<Record<string, unknown>>,
  field: TextField,
  expected = "an ID",
): Effect.Effect<string, InvalidInput> =>
  Effect.flatMap(readOptionalText(inputData, field), (text) =>
    text === undefined ? refuse(field.label, expected, "nothing") : Effect.succeed(text),
  )

/** The value of a field with choices, given as a value or as a label, in any case. Anything else is refused, not ignored. */
export const readChoice = <Choice extends string>(
  inputData: Readonly<Record<string, unknown>>,
  field: TextField & { readonly choices: Readonly<Record<Choice, string>> },
): Effect.Effect<Choice | undefined, InvalidInput> => {
  const value = inputData[field.key]
  const text = readText(inputData, field.key)
  if (text === undefined && (!isFilledIn(value) || isEmptyList(value))) return Effect.succeed(undefined)
  const choice = findChoice(field.choices, text)
  return choice === undefined
    ? refuse(field.label, `one of ${Object.keys(field.choices).join(", ")}`, describeValue(value))
    : Effect.succeed(choice)
}

export const findChoice = <Choice extends string>(
  choices: Readonly<Record<Choice, string>>,
  text: string | undefined,
): Choice | undefined => {
  const wanted = text?.toLowerCase()
  const isChoice = (value: string): value is Choice => Object.hasOwn(choices, value)
  return Object.keys(choices)
    .filter(isChoice)
    .find((value) => value.toLowerCase() === wanted || choices[value].toLowerCase() === wanted)
}

const isEmptyList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => !isFilledIn(one))

const refuse = (path: string, expected: string, got: string): Effect.Effect<never, InvalidInput> =>
  Effect.fail(new InvalidInput({ issues: [{ path, expected, got }] }))
