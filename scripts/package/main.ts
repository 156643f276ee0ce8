// `check:package`: compares what a package publishes with its api.md, checks that callers can import
// each type that it names, and compares its size with its size.json. `--write` updates
// api.md. Run it in the package's folder, after a build.
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { findExcesses } from "./checkSize.ts"
import { describeApi, findUnexportedTypes, readEntries } from "./describeApi.ts"

const committed = "api.md"
const manifest = JSON.parse(readFileSync("package.json", "utf8"))
const entries = await readEntries(manifest)
const api = describeApi(manifest.name, entries)
if (process.argv.includes("--write")) writeFileSync(committed, api)

let isFine = true
if (!existsSync(committed) || readFileSync(committed, "utf8") !== api) {
  isFine = false
  const current = join(tmpdir(), `api-${process.pid}.md`)
  writeFileSync(current, api)
  try {
    execFileSync("git", ["--no-pager", "diff", "--no-index", "--", committed, current], { stdio: "inherit" })
  } catch {
    // It exits with 1 if there is a difference.
  }
  console.error(
    `${committed} is out of date. If the change is meant, run \`node ../../scripts/package/main.ts --write\`.`,
  )
}
for (const type of findUnexportedTypes(entries)) {
  isFine = false
  console.error(`A public signature names ${type}, but no entry exports it.`)
}
for (const excess of await findExcesses(JSON.parse(readFileSync("size.json", "utf8")))) {
  isFine = false
  console.error(excess)
}
if (!isFine) process.exitCode = 1
