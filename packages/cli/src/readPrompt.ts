import type { InputIssue } from "@scenario-automation/core"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { expandHome } from "./outFolder.ts"
import { readStdin } from "./readStdin.ts"
import type { Given } from "./GivenInput.ts"

/** Reads the prompt from stdin (`-`), from a file (`@path`), or as typed. A leading `@@` stands for `@`. */
export const readPrompt = (typed: string): Effect.Effect<Given | InputIssue> => {
  if (typed === "-") {
    return Effect.map(readStdin, (bytes) => toPrompt(bytes.toString("utf8"), "stdin"))
  }
  if (typed.startsWith("@@")) return Effect.succeed(["prompt", typed.slice(1)])
  if (!typed.startsWith("@")) return Effect.succeed(["prompt", typed])
  const path = typed.slice(1)
  return Effect.try({
    try: () => toPrompt(readFileSync(expandHome(path), "utf8"), path),
    catch: (): InputIssue => ({
      path: "prompt",
      message: `The file can't be read: ${path}. Pass a readable file after @, or write @@ for a prompt that begins with @.`,
    }),
  }).pipe(Effect.catch((issue) => Effect.succeed(issue)))
}

const toPrompt = (text: string, source: string): Given | InputIssue => {
  // Editors and `echo` add a line break at the end.
  const prompt = text.replace(/^\uFEFF/, "").replace(/(\r?\n)+$/, "")
  return prompt.trim() === ""
    ? { path: "prompt", message: `The prompt in ${source} is empty. Provide text.` }
    : ["prompt", prompt]
}
