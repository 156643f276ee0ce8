import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { openTestCli } from "./support/TestCli.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

const script = "/usr/bin/script"

const hasScript = (() => {
  try {
    return execFileSync(script, ["--version"]).toString().includes("util-linux")
  } catch {
    return false
  }
})()

// `script` provides a terminal. Without it, only the unit tests of the board and the display run.
describe.runIf(hasScript)("on a terminal", () => {
  it("redraws the board, shows the cursor again, and prints the files", async () => {
    await using cli = await openTestCli()
    const command = `stty cols 80 rows 24; exec '${process.execPath}' '${main}' generate txt2img -i modelId=model_flux-1-dev -p fox`
    const child = spawn(script, ["-qec", command, "/dev/null"], {
      cwd: cli.folder,
      env: {
        PATH: process.env["PATH"],
        TERM: "xterm-256color",
        SHELL: "/bin/sh",
        SCENARIO_BASE_URL: cli.simulator.baseUrl,
        SCENARIO_SDK_API_KEY: cli.simulator.apiKey,
        SCENARIO_SDK_API_SECRET: cli.simulator.apiSecret,
      },
      stdio: ["ignore", "pipe", "inherit"],
    })
    const [screen, [exitCode]] = await Promise.all([text(child.stdout), once(child, "close")])
    assert.strictEqual(exitCode, 0, screen)
    const [before = "", after = ""] = screen.split("\u001B[?25h")
    assert.isTrue(before.startsWith("\u001B[?25l"), "the cursor is hidden first")
    assert.include(before, "\u001B[1A\r")
    assert.include(before, "\u001B[32m✔")
    assert.match(after.trim(), /^asset_\w+\.png  image\/png  1024×1024/)
    assert.notInclude(screen, cli.simulator.apiSecret)
  })
})
