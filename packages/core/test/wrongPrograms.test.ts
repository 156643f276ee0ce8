import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "vitest"

const packageFolder = fileURLToPath(new URL("../", import.meta.url))
const typescript = createRequire(import.meta.url).resolve("typescript/package.json")
const tsc = join(dirname(typescript), "bin/tsc")

/** What a request is wrong about, and a part of the compiler's message. */
const wrongRequests = [
  [
    "a misspelled endpoint",
    `{ endpoint: "txt2im", inputs: { modelId: "m", prompt: "x" } }`,
    `Did you mean '"txt2img"'?`,
  ],
  [
    "a misspelled required input",
    `{ endpoint: "txt2img", inputs: { modelId: "m", promt: "x" } }`,
    "Did you mean to write 'prompt'?",
  ],
  [
    "a misspelled optional input",
    `{ endpoint: "txt2img", inputs: { modelId: "m", prompt: "x", widht: 512 } }`,
    "Did you mean to write 'width'?",
  ],
  [
    "a misspelled file input",
    `{ endpoint: "upscale", inputs: { imge: "asset_1", scalingFactor: 2 } }`,
    "Did you mean to write 'image'?",
  ],
  [
    "a misspelled value",
    `{ endpoint: "txt2img", inputs: { modelId: "m", prompt: "x", scheduler: "DDIMSchduler" } }`,
    `Did you mean '"DDIMScheduler"'?`,
  ],
  ["a missing input", `{ endpoint: "txt2img", inputs: { modelId: "m" } }`, "Property 'prompt' is missing"],
  ["a misspelled model", `{ modle: "m", inputs: { prompt: "x" } }`, "Did you mean to write 'model'?"],
  ["misspelled inputs", `{ model: "m", input: { prompt: "x" } }`, "Did you mean to write 'inputs'?"],
  [
    "a misspelled name of the endpoint",
    `{ endpont: "txt2img", inputs: { modelId: "m", prompt: "x" } }`,
    "Did you mean to write 'endpoint'?",
  ],
  ["two targets", `{ model: "m", workflow: "w", inputs: {} }`, "not assignable to type 'undefined'"],
] as const

const fronts = {
  promise: `import { createScenario } from "../../src/promise.ts"\nconst { generate } = createScenario()\n`,
  effect: `import { generate } from "../../src/index.ts"\n`,
} as const

let messages: ReadonlyMap<string, string>
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(packageFolder, "node_modules", "wrong-programs-"))
  const compilerOptions = { noEmit: true, composite: false, incremental: false }
  const files: Array<string> = []
  for (const [front, imports] of Object.entries(fronts)) {
    for (const [index, [, request]] of wrongRequests.entries()) {
      const file = `${front}${index}.ts`
      files.push(file)
      writeFileSync(join(folder, file), `${imports}void generate(${request})\n`)
    }
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../../tsconfig.base.json", compilerOptions, files }),
  )
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
    encoding: "utf8",
  })
  messages = new Map(
    stdout.split(/\n(?=\S)/).map((message) => [/(\w+)\.ts\(/.exec(message)?.[1] ?? "", message]),
  )
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true }))

describe.each(["promise", "effect"])("the compiler, for the %s front", (front) => {
  it.each(wrongRequests.map(([what, , message], index) => [what, message, index] as const))(
    "explains %s: %s",
    (_, message, index) => {
      assert.include(messages.get(`${front}${index}`), message)
    },
  )
})
