import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { faultDescriptions } from "../src/index.ts"

test("the README's table has every fault, in the words of the code", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8").replaceAll(/ +\|/g, " |")
  for (const [name, description] of Object.entries(faultDescriptions)) {
    expect(readme).toContain(`| \`${name}\` | ${description} |`)
  }
})
