import { readdirSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { openTestCli, txt2img } from "./support/TestCli.ts"

describe.concurrent("a closed output", () => {
  it.each(["stdout", "stderr"] as const)("doesn't stop a paid job: %s", async (stream) => {
    await using cli = await openTestCli()
    const running = cli.start(...txt2img, "--out", "pictures")
    // Before the first write.
    running.process[stream]?.destroy()
    const { exitCode, stdout, stderr } = await running.ended
    assert.strictEqual(exitCode, 0, stdout + stderr)
    assert.strictEqual(readdirSync(join(cli.folder, "pictures")).length, 1)
  })

  it("doesn't stop a running job if both streams close", async () => {
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.planNextJob({ durationMs: 2_000 })
    const running = cli.start(...txt2img, "--out", "pictures")
    await running.waitForStderr("submitted")
    running.process.stdout?.destroy()
    running.process.stderr?.destroy()
    assert.strictEqual((await running.ended).exitCode, 0)
    assert.strictEqual(readdirSync(join(cli.folder, "pictures")).length, 1)
  })

  it("doesn't change the exit code of help and errors", async () => {
    await using cli = await openTestCli()
    const help = cli.start("--help")
    help.process.stdout?.destroy()
    const wrong = cli.start("generate")
    wrong.process.stderr?.destroy()
    assert.deepStrictEqual([(await help.ended).exitCode, (await wrong.ended).exitCode], [0, 2])
  })
})
