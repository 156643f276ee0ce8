import { InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { findIntent, type StoredIntent } from "./intentStore.ts"
import { expandHome } from "./outFolder.ts"
import { readStdin } from "./readStdin.ts"

/** The intent that a file holds, or stdin (`-`). */
export const readIntent = Effect.fnUntraced(function* (
  source: string,
): Effect.fn.Return<StoredIntent, InvalidInput> {
  const text =
    source === "-"
      ? (yield* readStdin).toString("utf8")
      : yield* Effect.try({
          try: () => readFileSync(expandHome(source), "utf8"),
          catch: () => notIntent(source, "no file that can be read"),
        })
  const document = yield* Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: () => notIntent(source, "no JSON"),
  })
  const found = findIntent(document)
  if (found === undefined) return yield* notIntent(source, "JSON without one")
  return { ...found, file: source }
})

const notIntent = (path: string, got: string): InvalidInput =>
  new InvalidInput({ issues: [{ path, expected: "the intent of a submit, as --json printed it", got }] })
