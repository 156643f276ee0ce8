import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { joinValues } from "../src/valueFlags.ts"
import { type TestCli, openTestCli, txt2img } from "./support/TestCli.ts"

const target = ["generate", "txt2img", "-i", "modelId=model_flux-1-dev", "--no-wait"] as const

const readPrompts = ({ simulator }: TestCli): ReadonlyArray<unknown> =>
  simulator.ledger().entries.map(({ body }) => Object(body).prompt)

describe.concurrent("a value", () => {
  it("can begin with a dash", async () => {
    await using cli = await openTestCli()
    await cli.run(...target, "-p", "- a red house")
    await cli.run(...target, "--prompt", "-5 degrees")
    await cli.run(...target, "-i", "prompt=--help", "-o", "-folder")
    assert.deepStrictEqual(readPrompts(cli), ["- a red house", "-5 degrees", "--help"])
  })

  it("can begin with a dash in each option of each command", async () => {
    await using cli = await openTestCli()
    const commands = [["generate"], ["wait"], ["reconcile"], ["models", "list"], ["jobs", "list"]]
    const helps = await Promise.all(commands.map((command) => cli.run(...command, "--help")))
    const options = helps.flatMap(({ stdout }) =>
      [...stdout.matchAll(/^ {2}(--[\w-]+)(?:, -\w)? [A-Z]+/gm)].map(([, name = ""]) => name),
    )
    assert.includeMembers(options, ["--prompt", "--out", "--timeout", "--limit", "--status"])
    for (const name of options) assert.deepStrictEqual(joinValues([name, "-x"]), [`${name}=-x`])
  })

  it("of the prompt can come from stdin or a file", async () => {
    await using cli = await openTestCli()
    writeFileSync(join(cli.folder, "prompt.txt"), "a fox\nin snow\n")
    await cli.runOn("a hen\n", ...target, "-p", "-")
    await cli.run(...target, "-p", "@prompt.txt")
    await cli.run(...target, "-p", "@@home")
    assert.deepStrictEqual(readPrompts(cli), ["a hen", "a fox\nin snow", "@home"])
  })

  it("of the prompt that can't be read is refused before anything is sent", async () => {
    await using cli = await openTestCli()
    const [missing, empty, twice] = await Promise.all([
      cli.run(...target, "-p", "@nowhere.txt"),
      cli.runOn("", ...target, "-p", "-"),
      cli.runOn("a", "generate", "img2img", "-p", "-", "-f", "image=-"),
    ])
    assert.deepStrictEqual([missing.exitCode, empty.exitCode, twice.exitCode], [2, 2, 2])
    assert.include(missing.stderr, "nowhere.txt")
    assert.deepStrictEqual(readPrompts(cli), [])
  })

  it("of a file input can come from stdin", async () => {
    await using cli = await openTestCli()
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'
    const args = ["generate", "model_canvas-image-2", "-p", "a", "-f", "referenceImages=-", "--no-wait"]
    const { exitCode, stderr } = await cli.runOn(svg, ...args)
    assert.strictEqual(exitCode, 0, stderr)
    const { referenceImages } = Object(cli.simulator.ledger().entries[0]?.body)
    assert.match(referenceImages[0] ?? referenceImages, /^asset_/)
  })

  it("with several IDs can contain line breaks and blanks", async () => {
    await using cli = await openTestCli()
    const one = (await cli.run(...txt2img, "--no-wait")).stdout.trim()
    const { exitCode, stdout, stderr } = await cli.run("wait", `${one}\r`, ` ${one}\n${one} `, "--json")
    assert.strictEqual(exitCode, 0, stderr)
    assert.strictEqual(JSON.parse(stdout).job.jobId, one)
  })
})

describe.concurrent("--out", () => {
  it("expands ~ if the shell has not", async () => {
    await using cli = await openTestCli()
    const { exitCode, stdout, stderr } = await cli.run(...txt2img, "--out=~/pictures")
    assert.strictEqual(exitCode, 0, stderr)
    assert.isTrue(stdout.startsWith(join(cli.folder, "pictures")), stdout)
    assert.isTrue(existsSync(join(cli.folder, "pictures")))
    assert.isFalse(existsSync(join(cli.folder, "~")))
  })

  it("is refused before anything is sent if no file can be saved there", async () => {
    await using cli = await openTestCli()
    writeFileSync(join(cli.folder, "a-file"), "")
    const bad = [
      ...["a-file", "a-file/pictures", "", "  ", "/proc/pictures", `${"x".repeat(300)}/a`].map((out) => [
        ...txt2img,
        "--out",
        out,
      ]),
      ["wait", "job_1", "--out", "a-file"],
      ["asset", "download", "asset_1", "--out", "a-file"],
    ]
    for (const args of bad) {
      const { exitCode, stderr } = await cli.run(...args)
      assert.strictEqual(exitCode, 2, stderr)
      assert.match(stderr.trimEnd().split("\n").at(-1) ?? "", /value for flag --out/)
    }
    assert.strictEqual(cli.simulator.ledger().paidJobs, 0)
  })
})
