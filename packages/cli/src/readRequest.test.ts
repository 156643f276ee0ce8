import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { readRequest } from "./readRequest.ts"

const readInputs = async (...inputs: ReadonlyArray<string>) =>
  (await Effect.runPromise(readRequest({ target: "model_1", prompt: undefined, inputs, files: [] }))).inputs

describe("readRequest", () => {
  it("keeps all digits of a JSON integer beyond 2^53", async () => {
    assert.deepStrictEqual(await readInputs("seed:=6687881544318117707", "count:=2"), {
      seed: "6687881544318117707",
      count: 2,
    })
  })
})
