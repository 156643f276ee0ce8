// `check:reference`: fails if docs/reference.md isn't what the sources say, or if a method or an option has no docstring.
// `--write` updates it.
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { readExports } from "./readExports.ts"
import { findUndocumented, renderReference } from "./renderReference.ts"

const root = join(dirname(fileURLToPath(import.meta.url)), "../..")
const page = join(root, "docs/reference.md")
const read = (entry: string) => readExports(join(root, "packages/core/src", entry))

const promises = read("promise.ts")
const effects = [...read("index.ts"), ...read("node.ts")]
const reference = renderReference(promises, effects)
if (process.argv.includes("--write")) writeFileSync(page, reference)

const problems = findUndocumented([...promises, ...effects]).map(
  (name) =>
    `${name} needs a docstring that says what it is, and for an option also its default and its unit.`,
)
if (readFileSync(page, "utf8") !== reference) {
  problems.push("docs/reference.md is out of date. Run `node scripts/reference/main.ts --write`.")
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
