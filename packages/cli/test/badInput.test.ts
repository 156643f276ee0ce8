import { assert, describe, it } from "vitest"
import { openTestCli } from "./support/TestCli.ts"

const model = ["-i", "modelId=model_flux-1-dev"]
const invalid = (issue: string) =>
  `The input is not valid, and nothing was sent. ${issue}. Correct it and call again.`

const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, sentence: string]> = [
  [["txt2img", ...model], invalid("prompt: expected a text, got nothing")],
  [
    ["txt2img", ...model, "-p", "a", "-i", "numSamples=many"],
    invalid('numSamples: expected a whole number from 1 to 128, got "many"'),
  ],
  [
    ["txt2img", ...model, "-p", "a", "-i", "promt=b"],
    invalid('promt: expected no input of this name (did you mean prompt?), got "b"'),
  ],
  [
    ["txt2img", ...model, "-p", "a", "-i", "prompt=b"],
    invalid("prompt: expected one prompt, got --prompt and an input named prompt"),
  ],
  [["txt2img", "-i", "modelId"], invalid('-i: expected name=value, got "modelId"')],
  [["txt2img", "-i", "numSamples:={"], invalid('numSamples: expected JSON after :=, got "{"')],
  [
    ["img2img", ...model, "-p", "a", "-f", "image"],
    invalid('-f: expected name=path, name=url or name=assetId, got "image"'),
  ],
  [
    ["img2img", ...model, "-p", "a", "-f", "image=./no.png"],
    invalid(
      'image: expected a local file, a link or an asset ID, got "./no.png", nothing there that can be read',
    ),
  ],
  [
    ["img2img", ...model, "-p", "a", "-f", "image=."],
    invalid('image: expected a local file, a link or an asset ID, got ".", a folder or a device'),
  ],
  [
    ["img2img", ...model, "-p", "a"],
    invalid(
      "image: expected an image (an asset id, a data URL, a link or a file), or else imageId, got nothing",
    ),
  ],
  [
    ["txt2img", "--timeout", "10"],
    'Invalid value for flag --timeout: "10". Expected: a time with a unit, such as 90s, 10m or 2h',
  ],
  [
    ["txt2img", "--max-cost", "-1"],
    'Invalid value for flag --max-cost: "-1". Expected: a number of compute units, 0 or more',
  ],
  [[], "Missing required argument: model"],
]

describe.concurrent("bad input", () => {
  it.each(cases)("%j is refused with a sentence before anything is sent", async (args, sentence) => {
    await using cli = await openTestCli()
    const { exitCode, stdout, stderr } = await cli.run("generate", ...args)
    assert.strictEqual(stderr.trimEnd().split("\n").at(-1), sentence)
    assert.strictEqual(exitCode, 2)
    assert.strictEqual(stdout, "")
    assert.deepStrictEqual(cli.simulator.ledger().entries, [])
  })

  it("reports all wrong inputs at once", async () => {
    await using cli = await openTestCli()
    const { stdout } = await cli.run("generate", "txt2img", "-i", "width=7", "-i", "seeds=1", "--json")
    const paths = JSON.parse(stdout).error.issues.map((issue: { path: string }) => issue.path)
    assert.deepStrictEqual(paths.toSorted(), ["modelId", "prompt", "seeds", "width"])
  })
})
