import { readFileSync } from "node:fs"
import { assert, it } from "vitest"
import { version } from "./version.ts"

it("the version that requests name is that of package.json", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  assert.strictEqual(version, manifest.version)
})
