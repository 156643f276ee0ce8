import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const root = fileURLToPath(new URL("..", import.meta.url))
const recipes = readdirSync(root).filter((file) => file.endsWith(".ts") && file !== "vitest.config.ts")

it("the README's table lists every recipe", () => {
  const readme = readFileSync(`${root}/README.md`, "utf8")
  const listed = [...readme.matchAll(/^\| \[(.*?)\]\((.*?)\)/gm)].map(([, name, target]) => [name, target])
  expect(new Map(listed.map(([name = "", target]) => [name, target]))).toEqual(
    new Map(recipes.map((file) => [file, file])),
  )
})

it.each(recipes)("%s begins with a comment, and has 15 to 65 lines", (recipe) => {
  const lines = readFileSync(`${root}/${recipe}`, "utf8").trim().split("\n")
  expect(lines[0]).toMatch(/^\/\/ [A-Z].*/)
  expect(lines.length).toBeGreaterThanOrEqual(15)
  expect(lines.length).toBeLessThanOrEqual(65)
})
