import { assert, beforeAll, describe, it } from "vitest"
import { compilePrograms } from "./support/compilePrograms.ts"

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

beforeAll(() => {
  messages = compilePrograms(
    Object.entries(fronts).flatMap(([front, imports]) =>
      wrongRequests.map(
        ([, request], index) => [`${front}${index}`, `${imports}void generate(${request})\n`] as const,
      ),
    ),
  )
}, 60_000)

describe.each(["promise", "effect"])("the compiler, for the %s front", (front) => {
  it.each(wrongRequests.map(([what, , message], index) => [what, message, index] as const))(
    "explains %s: %s",
    (_, message, index) => {
      assert.include(messages.get(`${front}${index}`), message)
    },
  )
})
