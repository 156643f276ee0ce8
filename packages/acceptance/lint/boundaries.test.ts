import { execFile } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

/** Imports that oxlint.config.ts forbids in a file, and those that it allows. */
const forbidden: ReadonlyArray<readonly [file: string, statement: string]> = [
  ["packages/simulator/src/a.ts", 'import { x } from "@scenario-automation/core"'],
  ["packages/simulator/src/a.ts", 'import type { X } from "@scenario-automation/core"'],
  ["packages/simulator/src/a.test.ts", 'import { x } from "@scenario-automation/core/promise"'],
  ["packages/core/src/watch/a.ts", 'import { x } from "@scenario-automation/cli"'],
  ["packages/core/src/watch/a.ts", 'import { x } from "@scenario-automation/relay"'],
  ["packages/core/src/watch/a.ts", 'import { x } from "@scenario-automation/gallery"'],
  ["packages/core/src/watch/a.ts", 'import { x } from "@scenario-automation/simulator"'],
  ["packages/core/src/watch/a.test.ts", 'import { x } from "@scenario-automation/cli"'],
  ["packages/core/src/watch/a.ts", 'import { x } from "node:fs"'],
  ["packages/core/src/http/a.ts", 'import { x } from "node:fs"'],
  ["packages/core/src/deliver/a.ts", 'import { x } from "node:fs/promises"'],
  ["packages/core/src/node.ts", 'import { x } from "node:fs"'],
  ["packages/core/src/promise.ts", 'import { x } from "node:fs"'],
  ["packages/core/src/deliver/node/a.ts", 'import { x } from "node:fs"'],
  ["packages/demo/src/a.ts", 'import { x } from "@scenario-automation/core/promise"'],
  ["packages/acceptance/a.test.ts", 'import { x } from "@scenario-automation/core/promise"'],
  ["packages/core/src/api/a.ts", 'import * as Schema from "effect/Schema"'],
  ["packages/core/src/api/a.ts", 'import { Effect } from "effect"'],
  ["packages/core/src/deliver/node/a.ts", 'import type { Effect } from "effect"'],
  ["packages/core/src/watch/a.ts", 'import { x } from "effect/http"'],
  ["packages/core/src/watch/a.ts", 'import { x } from "effect/http/HttpClient"'],
  ["packages/core/src/promise.ts", 'import { x } from "effect/http"'],
  ["packages/core/src/http/a.ts", 'import type { X } from "effect/http"'],
  ["packages/core/src/deliver/node/a.ts", 'import { x } from "effect/http"'],
  ["packages/cli/src/a.ts", 'import { x } from "effect/http"'],
  ["packages/relay/src/delivery/a.ts", 'import { x } from "effect/http"'],
  ["apps/zapier-scenario/src/a.ts", 'import { x } from "effect/http"'],
  ["packages/cli/src/a.ts", 'import { x } from "@scenario-automation/core/src/errors.ts"'],
  ["packages/cli/src/a.ts", 'import { x } from "@scenario-automation/core/internal/pace"'],
  ["packages/cli/src/a.ts", 'import { x } from "../../core/src/errors.ts"'],
  ["packages/cli/src/a/b.ts", 'export { x } from "../../../core/src/errors.ts"'],
  ["packages/core/src/a.test.ts", 'import { x } from "../../simulator/src/index.ts"'],
  ["packages/gallery/src/a.ts", 'import { x } from "@scenario-automation/core"'],
  ["packages/gallery/src/a.ts", 'import { x } from "@scenario-automation/core/host"'],
]
const allowed: typeof forbidden = [
  ["packages/core/src/a.ts", 'import * as Effect from "effect/Effect"'],
  ["packages/core/src/a.test.ts", 'import { Schema } from "effect"'],
  ["packages/core/src/watch/a.test.ts", 'import { x } from "@scenario-automation/simulator"'],
  ["packages/core/test/a.ts", 'import { x } from "@scenario-automation/simulator"'],
  ["packages/core/src/deliver/node/a.ts", 'import type { X } from "node:fs"'],
  ["packages/client/src/a.ts", 'import { x } from "@scenario-automation/core/promise"'],
  ["packages/core/src/a.ts", 'import { x } from "./core/b.ts"'],
  ["packages/cli/src/transport.ts", 'import { x } from "effect/http"'],
  ["apps/zapier-scenario/src/transport.ts", 'import { x } from "effect/http"'],
  ["apps/zapier-scenario/src/relay/a.ts", 'import { x } from "@scenario-automation/relay-contract"'],
  ["packages/simulator/src/a.ts", 'import { x } from "effect/http"'],
  ["packages/gallery/src/a.ts", 'import type { X } from "@scenario-automation/core"'],
  ["packages/gallery/src/a.ts", 'import { x } from "@scenario-automation/core/job-status"'],
  ["packages/cli/src/a.ts", 'import { x } from "@scenario-automation/core/node"'],
]

const repository = join(import.meta.dirname, "../../..")
let place: string
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "boundaries-"))
  cpSync(join(repository, "oxlint.config.ts"), join(place, "oxlint.config.ts"))
  symlinkSync(join(repository, "node_modules"), join(place, "node_modules"))
})
afterAll(() => rmSync(place, { recursive: true }))

/** What the linter says of that one file, as `rule` names. */
const lint = (file: string, statement: string): Promise<string> => {
  const path = join(place, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${statement}\n`)
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(repository, "node_modules/oxlint/bin/oxlint"), "--format=unix", file],
      { cwd: place },
      (error, stdout) => {
        rmSync(path)
        resolve(`exit ${error?.code ?? 0}\n${stdout}`)
      },
    )
  })
}

describe("the walls between packages", () => {
  it.each(forbidden)("%s may not say: %s", async (file, statement) => {
    const said = await lint(file, statement)
    expect(said).toMatch(/^exit 1/)
    expect(said).toContain("no-restricted-imports")
  })

  it.each(allowed)("%s may say: %s", async (file, statement) => {
    expect(await lint(file, statement)).not.toContain("no-restricted-imports")
  })
})
