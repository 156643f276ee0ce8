import { assert, describe, it } from "vitest"
import { openTestCli } from "./support/TestCli.ts"

const model = ["-i", "modelId=model_flux-1-dev"]
const invalid = (issue: string) => `The input is not valid, and nothing was submitted. ${issue}`

const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, sentence: string]> = [
  [["txt2img", ...model], invalid("prompt: Missing. Provide text.")],
  [
    ["txt2img", ...model, "-p", "a", "-i", "numSamples=many"],
    invalid('numSamples: Expected a whole number from 1 to 128, got "many".'),
  ],
  [
    ["txt2img", ...model, "-p", "a", "-i", "promt=b"],
    invalid("promt: Unknown input. Did you mean `prompt`?"),
  ],
  [
    ["txt2img", ...model, "-p", "a", "-i", "prompt=b"],
    invalid("prompt: It is set by --prompt and by an input. Pass only one of them."),
  ],
  [["txt2img", "-i", "modelId"], invalid('-i: Expected name=value, got "modelId".')],
  [["txt2img", "-i", "numSamples:={"], invalid('numSamples: Expected JSON after :=, got "{".')],
  [
    ["img2img", ...model, "-p", "a", "-f", "image"],
    invalid('-f: Expected name=path, name=url, or name=assetId, got "image".'),
  ],
  [
    ["img2img", ...model, "-p", "a", "-f", "image=./no.png"],
    invalid("image: File not found: ./no.png. Pass a local file, a URL, or an asset ID."),
  ],
  [
    ["img2img", ...model, "-p", "a", "-f", "image=."],
    invalid("image: . is a folder or a device, not a file. Pass a local file, a URL, or an asset ID."),
  ],
  [
    ["img2img", ...model, "-p", "a"],
    invalid(
      "image: Missing. Provide an image (an asset ID, a data URL, a URL, or a file). Or set `imageId` instead.",
    ),
  ],
  [
    ["txt2img", "--timeout", "10"],
    'Invalid value for flag --timeout: "10". Expected: a time with a unit, such as 90s, 10m, or 2h',
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
