import { Effect } from "effect"
import { type InvalidFields, refuseField } from "./InvalidFields.ts"
import { describeValue, isFilledIn, isUnresolved, readText } from "./readText.ts"

interface TextField {
  readonly key: string
  readonly label: string
}

/** The text of a field that may be empty. Other values are refused, because ignoring them would change what the step does. */
export const readOptionalText = (
  inputData: Readonly<Record<string, unknown>>,
  { key, label }: TextField,
): Effect.Effect<string | undefined, InvalidFields> => {
  const text = readText(inputData, key)
  const value = inputData[key]
  const isWrong = isUnresolved(text) || (text === undefined && isFilledIn(value) && !isEmptyList(value))
  return isWrong
    ? refuseField(label, `Enter or map one value instead of ${describeValue(value)}.`)
    : Effect.succeed(text)
}

/** The text of a required field: Zapier accepts a mapped value that turns out to be empty. */
export const readRequiredText = (
  inputData: Readonly<Record<string, unknown>>,
  field: TextField,
  advice: string,
): Effect.Effect<string, InvalidFields> =>
  Effect.flatMap(readOptionalText(inputData, field), (text) =>
    text === undefined ? refuseField(field.label, `Missing. ${advice}`) : Effect.succeed(text),
  )

/** The value of a field with choices, given as a value or as a label, in any case. */
export const readChoice = <Choice extends string>(
  inputData: Readonly<Record<string, unknown>>,
  field: TextField & { readonly choices: Readonly<Record<Choice, string>> },
): Effect.Effect<Choice | undefined, InvalidFields> => {
  const value = inputData[field.key]
  const text = readText(inputData, field.key)
  if (text === undefined && (!isFilledIn(value) || isEmptyList(value))) return Effect.succeed(undefined)
  const choice = findChoice(field.choices, text)
  return choice === undefined
    ? refuseField(field.label, `${describeChoices(field.choices)} instead of ${describeValue(value)}.`)
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

export const describeChoices = (choices: Readonly<Record<string, string>>): string =>
  `Choose one of ${Object.values(choices)
    .map((label) => `"${label}"`)
    .join(", ")}`

const isEmptyList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => !isFilledIn(one))
