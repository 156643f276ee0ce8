import { rmSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { compile, consume, installPacked, specifiers } from "./install.ts"

const packed = ["core", "gallery"]

describe("a project that installs the packed packages", () => {
  let folder: string
  let names: ReadonlyArray<string>
  beforeAll(async () => {
    folder = await installPacked(packed)
    names = packed.flatMap((name) => specifiers(folder, name))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("imports every entry from an ES module and requires the same from CommonJS", async () => {
    const list = JSON.stringify(names)
    const imported = await consume(
      folder,
      "esm.mjs",
      `for (const name of ${list}) console.log(name, Object.keys(await import(name)).sort().join())`,
    )
    const required = await consume(
      folder,
      "commonjs.cjs",
      `for (const name of ${list}) console.log(name, Object.keys(require(name)).sort().join())`,
    )
    expect(names).toContain("@scenario-automation/core/promise")
    expect(required).toBe(imported)
  })

  it("runs what was packed and not the sources beside it", async () => {
    const resolved = await consume(
      folder,
      "resolve.mjs",
      `for (const name of ${JSON.stringify(names)}) console.log(import.meta.resolve(name))`,
    )
    for (const url of resolved.split("\n"))
      expect(url).toMatch(/\/node_modules\/@scenario-automation\/\w+\/dist\/\w+\.js$/)
  })

  it("compiles against the declarations", async () => {
    const imports = names.map((name, index) => `import * as entry${index} from "${name}"\nvoid entry${index}`)
    expect(await compile(folder, "consumer.mts", imports.join("\n"))).toBe("")
  })

  it("renders a page with the gallery", async () => {
    const page = await consume(
      folder,
      "gallery.cjs",
      `const { renderGallery } = require("@scenario-automation/gallery")
       console.log(renderGallery({ title: "Packed", generatedAt: "2026-01-01T00:00:00Z", entries: [], requests: { total: 0 }, cost: 0 }))`,
    )
    expect(page).toMatch(/^<!doctype html>/)
  })
})
