/** Each flag that takes a value, and its short form. A test compares this with the help of every command. */
const valueFlags: Readonly<Record<string, string | undefined>> = {
  prompt: "p",
  input: "i",
  file: "f",
  out: "o",
  "max-cost": undefined,
  timeout: undefined,
  "request-key": undefined,
  strength: undefined,
  lora: undefined,
  "base-model": undefined,
  search: undefined,
  limit: undefined,
  status: undefined,
  completions: undefined,
}

const byShortName = new Map(
  Object.entries(valueFlags).flatMap(([name, short]) =>
    short === undefined ? [] : [[short, name] as const],
  ),
)

/**
 * Joins each option to its value: `-p "- a house"` becomes `--prompt=- a house`. The parser would read a value that begins with
 * a dash as another option.
 */
export const joinValues = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const joined: Array<string> = []
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? ""
    if (word === "--") return [...joined, ...args.slice(index)]
    const { name, inlined } = readOption(word)
    if (name === undefined) {
      joined.push(word)
    } else if (inlined !== undefined) {
      joined.push(`--${name}=${inlined}`)
    } else {
      const value = args[index + 1]
      joined.push(value === undefined ? word : `--${name}=${value}`)
      index += 1
    }
  }
  return joined
}

/** The option that a word names, and its value if the word contains one: `-pfox`, `-p=fox`. */
const readOption = (word: string): { readonly name?: string | undefined; readonly inlined?: string } => {
  if (word.startsWith("--")) {
    const name = word.slice(2)
    return { name: Object.hasOwn(valueFlags, name) ? name : undefined }
  }
  const name = word.startsWith("-") ? byShortName.get(word.slice(1, 2)) : undefined
  if (name === undefined || word.length === 2) return { name }
  return { name, inlined: word.slice(word[2] === "=" ? 3 : 2) }
}
