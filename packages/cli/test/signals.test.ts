import { readdirSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { openTestCli, waitForRequest, txt2img } from "./support/TestCli.ts"

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const

describe.concurrent("a signal", () => {
  it.each(signals)("stops the wait and prints how to resume it: %s", async (signal) => {
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.planNextJob({ durationMs: 3_600_000 })
    const running = cli.start(...txt2img)
    await running.waitForStderr("submitted")
    running.process.kill(signal)
    const { exitCode, stdout, stderr } = await running.ended
    assert.strictEqual(exitCode, 130)
    assert.strictEqual(stdout, "")
    const [jobId = ""] = /job_\w+/.exec(stderr) ?? []
    assert.include(stderr, `Stopped waiting for job ${jobId}. It keeps running and is charged`)
    assert.isTrue(stderr.endsWith(`\n  scenario wait ${jobId}\n`), stderr)
  })

  it("prints one JSON document with --json", async () => {
    await using cli = await openTestCli({ speed: 1 })
    const running = cli.start(...txt2img, "--json")
    await running.waitForStderr("submitted")
    running.process.kill("SIGTERM")
    const { exitCode, stdout } = await running.ended
    assert.strictEqual(exitCode, 130)
    const { error } = JSON.parse(stdout)
    assert.strictEqual(error.tag, "Interrupted")
    assert.strictEqual(error.resume, `scenario wait ${error.jobId}`)
  })

  it.each(signals)("waits for the response of a submit, and prints its job: %s", async (signal) => {
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.faults.next("slow", { path: "/generate/txt2img", delayMs: 1_500 })
    const running = cli.start(...txt2img)
    await waitForRequest(cli, "/v1/generate/txt2img")
    running.process.kill(signal)
    const { exitCode, stderr } = await running.ended
    assert.strictEqual(exitCode, 130)
    const [entry] = cli.simulator.ledger().entries
    assert.include(stderr, `  scenario wait ${entry?.jobId}`)
  })

  it.each(signals)(
    "during a submit without a response prints how to search for its job: %s",
    async (signal) => {
      await using cli = await openTestCli({ speed: 1 })
      cli.simulator.faults.next("hang", { path: "/generate/txt2img" })
      const running = cli.start(...txt2img)
      await waitForRequest(cli, "/v1/generate/txt2img")
      running.process.kill(signal)
      const { exitCode, stderr } = await running.ended
      assert.strictEqual(exitCode, 130)
      assert.include(stderr, "the generation may have been submitted and charged")
      assert.isTrue(stderr.endsWith("\n  scenario reconcile\n"), stderr)
      const accounts = join(cli.folder, ".state/scenario-automation/intents")
      assert.strictEqual(readdirSync(join(accounts, readdirSync(accounts)[0] ?? "")).length, 1)
    },
  )

  it.each(signals)("before the submit reports that nothing was submitted: %s", async (signal) => {
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.faults.next("hang", { path: "/models/" })
    const running = cli.start("generate", "model_canvas-image-2", "-p", "a")
    await waitForRequest(cli, "/v1/models/model_canvas-image-2")
    running.process.kill(signal)
    const { exitCode, stderr } = await running.ended
    assert.strictEqual(exitCode, 130)
    assert.strictEqual(stderr, "Stopped before anything was submitted.\n")
  })

  it.each(signals)("during a download reports that the job has succeeded: %s", async (signal) => {
    await using cli = await openTestCli()
    cli.simulator.faults.next("hang", { origin: "cdn", times: 100 })
    const running = cli.start(...txt2img, "--out", "pictures")
    await running.waitForStderr("success")
    // By then the assets are being resolved, and their download will hang.
    await waitForRequest(cli, "/v1/assets")
    running.process.kill(signal)
    const { exitCode, stderr } = await running.ended
    assert.strictEqual(exitCode, 130)
    const [jobId = ""] = /job_\w+/.exec(stderr) ?? []
    assert.include(stderr, `Stopped after job ${jobId} had succeeded`)
    assert.notInclude(stderr, "keeps running")
    assert.isTrue(stderr.endsWith(`\n  scenario wait ${jobId} --out pictures\n`), stderr)
  })

  it("ends the process at once when it is sent twice, and prints how to search for the job", async () => {
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.faults.next("hang", { path: "/generate/txt2img" })
    const running = cli.start(...txt2img)
    await waitForRequest(cli, "/v1/generate/txt2img")
    running.process.kill("SIGINT")
    running.process.kill("SIGTERM")
    const { exitCode, stderr } = await running.ended
    assert.strictEqual(exitCode, 130)
    assert.include(stderr, "\n  scenario reconcile\n")
  })
})
