import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const repository = join(import.meta.dirname, "../../..")

/** Without the `plugins` entry of tsconfig.base.json the check would look at no file and pass. */
describe("Effect's diagnostics", () => {
  let place: string
  beforeAll(() => {
    place = mkdtempSync(join(import.meta.dirname, "../node_modules/diagnostics-"))
    writeFileSync(
      join(place, "tsconfig.json"),
      JSON.stringify({ extends: join(repository, "tsconfig.base.json") }),
    )
  })
  afterAll(() => rmSync(place, { recursive: true }))

  const diagnose = (source: string) =>
    new Promise<string>((resolve) => {
      writeFileSync(join(place, "sample.ts"), `import { Effect } from "effect"\n${source}\n`)
      const tool = join(repository, "node_modules/.bin/effect-tsgo")
      execFile(tool, ["diagnostics", "--project", join(place, "tsconfig.json")], (error, stdout) =>
        resolve(`exit ${error?.code ?? 0}\n${stdout}`),
      )
    })

  it("refuse an effect that is never run", async () => {
    const said = await diagnose("Effect.log('lost')")
    expect(said).toMatch(/^exit 1/)
    expect(said).toContain("floatingEffect")
  })

  it("refuse a yield that lacks its star", async () => {
    const said = await diagnose("export const once = Effect.gen(function* () {\n  yield Effect.void\n})")
    expect(said).toMatch(/^exit 1/)
    expect(said).toContain("missingStarInYieldEffectGen")
  })

  it("pass a file that is in order, having looked at it", async () => {
    const said = await diagnose("export const once = Effect.log('kept')")
    expect(said).toMatch(/^exit 0/)
    expect(said).toContain("Checked 1 files")
  })
})
