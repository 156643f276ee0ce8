import { readdirSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { openTestCli, txt2img } from "./support/TestCli.ts"

describe.concurrent("scenario wait", () => {
  it("saves the files of one job although another failed and one doesn't exist", async () => {
    await using cli = await openTestCli()
    cli.simulator.planNextJob({ outcome: "failure", error: "Out of paint", hint: "Ask for less." })
    const failing = (await cli.run(...txt2img, "--no-wait")).stdout.trim()
    const fine = (await cli.run(...txt2img, "--no-wait")).stdout.trim()

    const { exitCode, stdout } = await cli.run("wait", failing, fine, "job_unknown", "--json", "--out", "out")

    assert.strictEqual(exitCode, 1)
    const [one, two, three] = JSON.parse(stdout).results
    assert.strictEqual(one.job.jobId, failing)
    assert.strictEqual(one.error.tag, "JobFailed")
    assert.strictEqual(one.error.reason, "Out of paint")
    assert.strictEqual(two.job.jobId, fine)
    assert.strictEqual(two.job.status, "success")
    assert.strictEqual(three.error.tag, "NotFound")
    assert.strictEqual(readdirSync(`${cli.folder}/out`).length, 1)
  })

  it("reads jobs from stdin, as IDs or as the output of --json", async () => {
    await using cli = await openTestCli()
    const submitted = await cli.run(...txt2img, "--no-wait", "--json")
    const { job } = JSON.parse(submitted.stdout)
    const byJson = await cli.runOn(submitted.stdout, "wait", "-", "--json")
    const byId = await cli.runOn(`${job.jobId}\n`, "wait", "-", "--json")
    const listed = await cli.run("jobs", "list", "--json")
    const byList = await cli.runOn(listed.stdout, "wait", "-", "--json")
    for (const { exitCode, stdout, stderr } of [byJson, byId, byList]) {
      assert.strictEqual(exitCode, 0, stderr)
      assert.strictEqual(JSON.parse(stdout).job.jobId, job.jobId)
    }
  })

  it("refuses an impossible ID, and stdin without a job, before any request", async () => {
    await using cli = await openTestCli()
    const [outside, empty, broken] = await Promise.all([
      cli.run("wait", "job_1", "../jobs"),
      cli.runOn("", "wait", "-"),
      cli.runOn('{"job":', "wait", "-"),
    ])
    assert.deepStrictEqual([outside.exitCode, empty.exitCode, broken.exitCode], [2, 2, 2])
    assert.include(outside.stderr, 'jobId: Expected the ID of a job, such as job_123, got "../jobs".')
    assert.include(empty.stderr, "stdin")
    assert.deepStrictEqual(cli.simulator.requests(), [])
  })

  it("prints the ID of a job once in each line", async () => {
    await using cli = await openTestCli()
    const jobId = (await cli.run(...txt2img, "--no-wait")).stdout.trim()
    const { stderr } = await cli.run("wait", jobId)
    assert.match(stderr, new RegExp(`^${jobId}: done in `, "m"))
  })

  it("names the job and the command that resumes it after a timeout", async () => {
    await using cli = await openTestCli()
    cli.simulator.planNextJob({ durationMs: 3_600_000 })
    const { exitCode, stderr } = await cli.run(...txt2img, "--timeout", "1s", "--out", "pictures")
    assert.strictEqual(exitCode, 4)
    const [jobId = ""] = /job_\w+/.exec(stderr) ?? []
    assert.include(stderr, `Job ${jobId} had not ended after `)
    assert.isTrue(stderr.endsWith(`\n  scenario wait ${jobId} --out pictures\n`), stderr)
  })
})
