import { assert, describe, it } from "vitest"
import { openTestCli, txt2img } from "./support/TestCli.ts"

describe("SCENARIO_DEBUG", () => {
  it("writes each request to stderr, and leaves the output as it is", async () => {
    await using cli = await openTestCli()
    const { stdout, stderr } = await cli.runWith({ SCENARIO_DEBUG: "1" }, ...txt2img, "--json")
    const lines = stderr.split("\n").filter((line) => /Z scenario (GET|POST) /.test(line))
    assert.strictEqual(lines.length, cli.simulator.requests().length)
    assert.strictEqual(JSON.parse(stdout).job.status, "success")
  })
})
