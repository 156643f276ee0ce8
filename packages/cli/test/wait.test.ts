import { readdirSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { openDesk, txt2img } from "./support/cli.ts"

describe.concurrent("scenario wait", () => {
  it("delivers what came through though one job failed and one is unknown", async () => {
    await using desk = await openDesk()
    desk.simulator.planNextJob({ outcome: "failure", error: "Out of paint", hint: "Ask for less." })
    const failing = (await desk.run(...txt2img, "--no-wait")).stdout.trim()
    const fine = (await desk.run(...txt2img, "--no-wait")).stdout.trim()

    const { exitCode, stdout } = await desk.run(
      "wait",
      failing,
      fine,
      "job_unknown",
      "--json",
      "--out",
      "out",
    )

    assert.strictEqual(exitCode, 1)
    const [one, two, three] = JSON.parse(stdout).results
    assert.strictEqual(one.job.jobId, failing)
    assert.strictEqual(one.error.tag, "JobFailed")
    assert.strictEqual(one.error.reason, "Out of paint")
    assert.strictEqual(two.job.jobId, fine)
    assert.strictEqual(two.job.status, "success")
    assert.strictEqual(three.error.tag, "NotFound")
    assert.strictEqual(readdirSync(`${desk.folder}/out`).length, 1)
  })

  it("names the job that still runs when time is up, and the command that resumes", async () => {
    await using desk = await openDesk()
    desk.simulator.planNextJob({ durationMs: 3_600_000 })
    const { exitCode, stderr } = await desk.run(...txt2img, "--timeout", "1s", "--out", "pictures")
    assert.strictEqual(exitCode, 4)
    const [jobId = ""] = /job_\w+/.exec(stderr) ?? []
    assert.include(stderr, `Job ${jobId} had not ended after `)
    assert.isTrue(stderr.endsWith(`\n  scenario wait ${jobId} --out pictures\n`), stderr)
  })
})
