// `check:package`: compares what a package publishes with its api.md, and its size with its size.json. `--write` updates
// api.md. Run it in the package's folder, after a build.
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { findExcesses } from "./checkSize.ts"
import { describeApi } from "./describeApi.ts"

const committed = "api.md"
const api = await describeApi(JSON.parse(readFileSync("package.json", "utf8")))
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
for (const excess of await findExcesses(JSON.parse(readFileSync("size.json", "utf8")))) {
  isFine = false
  console.error(excess)
}
if (!isFine) process.exitCode = 1
