import { validateWorkflow } from "@action-validator/core"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"

const folder = join(import.meta.dirname, "../../../.github/workflows")
const workflows = globSync("*.yml", { cwd: folder })
const read = (workflow: string): string => readFileSync(join(folder, workflow), "utf8")

// Nothing runs them here, so only their form is known to be right.
it.each(workflows)("%s is a valid workflow of GitHub Actions", (workflow) => {
  expect(validateWorkflow(read(workflow)).errors).toEqual([])
})

it.each(workflows)("%s with a misspelt key is not", (workflow) => {
  const misspelt = read(workflow).replace("runs-on:", "run-on:")
  expect(validateWorkflow(misspelt).errors).not.toEqual([])
})
