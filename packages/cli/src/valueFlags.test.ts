import { assert, it } from "vitest"
import { joinValues } from "./valueFlags.ts"

it("joins an option to the next word, also if that word looks like an option", () => {
  const values = ["- a red house", "-5 degrees", "--help", "--", "-h", "-", "--json", "a=b", ""]
  for (const value of values) {
    assert.deepStrictEqual(joinValues(["generate", "txt2img", "-p", value, "--json"]), [
      "generate",
      "txt2img",
      `--prompt=${value}`,
      "--json",
    ])
    assert.deepStrictEqual(joinValues(["--prompt", value]), [`--prompt=${value}`])
  }
})

it("reads a value from the same word as its option", () => {
  assert.deepStrictEqual(joinValues(["-pfox", "-p=fox", "--prompt=-fox", "-p- fox"]), [
    "--prompt=fox",
    "--prompt=fox",
    "--prompt=-fox",
    "--prompt=- fox",
  ])
})

it("changes no other options, no words after --, and no option without a value", () => {
  for (const args of [
    ["--json", "--", "-p", "x"],
    ["wait", "job_1", "--timeout"],
    ["--nope", "-p"],
  ]) {
    assert.deepStrictEqual(joinValues(args), args)
  }
})
