import { readdirSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { openDesk, requestArrived, txt2img } from "./support/cli.ts"

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
    const [one, two, three] = JSON.parse(stdout).jobs
    assert.strictEqual(one.job.id, failing)
    assert.strictEqual(one.error.tag, "JobFailed")
    assert.strictEqual(one.error.reason, "Out of paint")
    assert.strictEqual(two.job.id, fine)
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

describe.concurrent("a signal", () => {
  it("ends the waiting, not the job, and says how to go on", async () => {
    await using desk = await openDesk({ speed: 1 })
    const running = desk.start(...txt2img)
    await running.said("submitted")
    running.process.kill("SIGINT")
    const { exitCode, stdout, stderr } = await running.ended
    assert.strictEqual(exitCode, 130)
    assert.strictEqual(stdout, "")
    const [jobId = ""] = /job_\w+/.exec(stderr) ?? []
    assert.include(stderr, `Stopped waiting for job ${jobId}. It still runs and is billed`)
    assert.isTrue(stderr.endsWith(`\n  scenario wait ${jobId}\n`), stderr)
  })

  it("is told in one JSON document with --json", async () => {
    await using desk = await openDesk({ speed: 1 })
    const running = desk.start(...txt2img, "--json")
    await running.said("submitted")
    running.process.kill("SIGTERM")
    const { exitCode, stdout } = await running.ended
    assert.strictEqual(exitCode, 130)
    const { error } = JSON.parse(stdout)
    assert.strictEqual(error.tag, "Interrupted")
    assert.strictEqual(error.resume, `scenario wait ${error.jobId}`)
  })

  it("waits for the answer to a submit that is under way, so that its job is named", async () => {
    await using desk = await openDesk({ speed: 1 })
    desk.simulator.faults.next("slow", { path: "/generate/txt2img", delayMs: 1_500 })
    const running = desk.start(...txt2img)
    await requestArrived(desk, "/v1/generate/txt2img")
    running.process.kill("SIGINT")
    const { exitCode, stderr } = await running.ended
    assert.strictEqual(exitCode, 130)
    const [entry] = desk.simulator.ledger().entries
    assert.include(stderr, `  scenario wait ${entry?.jobId}`)
  })

  it("ends at once when it comes a second time", async () => {
    await using desk = await openDesk({ speed: 1 })
    desk.simulator.faults.next("hang", { path: "/generate/txt2img" })
    const running = desk.start(...txt2img)
    await requestArrived(desk, "/v1/generate/txt2img")
    running.process.kill("SIGINT")
    running.process.kill("SIGTERM")
    assert.strictEqual((await running.ended).exitCode, 130)
  })
})
