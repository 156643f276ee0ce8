import { InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { findIntent, type StoredIntent } from "./intentStore.ts"
import { expandHome } from "./outFolder.ts"
import { readStdin } from "./readStdin.ts"

/** Reads an intent from a file, or from stdin (`-`). */
export const readIntent = Effect.fnUntraced(function* (
  source: string,
): Effect.fn.Return<StoredIntent, InvalidInput> {
  const text =
    source === "-"
      ? (yield* readStdin).toString("utf8")
      : yield* Effect.try({
          try: () => readFileSync(expandHome(source), "utf8"),
          catch: () => notIntent(source, "The file can't be read."),
        })
  const document = yield* Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: () => notIntent(source, "It isn't JSON."),
  })
  const found = findIntent(document)
  if (found === undefined) return yield* notIntent(source, "It contains no intent.")
  return { ...found, file: source }
})

const notIntent = (path: string, problem: string): InvalidInput =>
  new InvalidInput({
    issues: [{ path, message: `${problem} Pass the intent of a submit, as --json printed it.` }],
  })
