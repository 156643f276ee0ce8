import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { faultDescriptions } from "../src/index.ts"

test("the README lists every fault with the description in code", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8").replaceAll(/ +\|/g, " |")
  for (const [name, description] of Object.entries(faultDescriptions)) {
    expect(readme).toContain(`| \`${name}\` | ${description} |`)
  }
})
