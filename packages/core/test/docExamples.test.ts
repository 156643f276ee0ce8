import { globSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"
import { compilePrograms } from "./support/compilePrograms.ts"

const sources = fileURLToPath(new URL("../src/", import.meta.url))

/** The code of each `@example` in the sources. */
const examples = globSync("**/*.ts", { cwd: sources }).flatMap((file) =>
  Array.from(
    readFileSync(`${sources}${file}`, "utf8").matchAll(/@example\n *\* ```ts\n([^]*?) *\* ```/g),
    ([, code = ""]) => ({ file, code: code.replaceAll(/^ *\* ?/gm, "") }),
  ),
)

const withPromises = (code: string): string => `
import { createScenario, type SubmitIntent } from "../../src/promise.ts"
declare const intent: SubmitIntent
const scenario = createScenario()
export const run = async () => {
${code}
}
`

const withEffect = (code: string): string => `
import { Effect, Stream } from "effect"
import { Assets, Downloads, generate, Generations, Jobs, requestFor, resume, Scenario, type SubmitIntent } from "../../src/index.ts"
import { localFile, save, saveAll } from "../../src/node.ts"
declare const intent: SubmitIntent
export const run = Effect.gen(function* () {
${code}
})
`

it("the examples in docstrings compile", () => {
  const programs = examples.map(
    ({ file, code }, index) =>
      [`example${index}`, file.startsWith("promise") ? withPromises(code) : withEffect(code)] as const,
  )
  assert.isAbove(programs.length, 20)
  assert.deepStrictEqual([...compilePrograms(programs)], [])
})
