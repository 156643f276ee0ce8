import { assert, describe, it } from "vitest"
import { type TestCli, openTestCli, waitForRequest, txt2img } from "./support/TestCli.ts"

describe.concurrent("--timeout", () => {
  it("includes the queue for a submit that is refused for now", async () => {
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.faults.rate("concurrency-limited", 1)
    const running = cli.start(...txt2img, "--timeout", "8s")
    await waitForRequest(cli, "/v1/generate/txt2img")
    const startedAt = performance.now()
    const { exitCode, stderr } = await running.ended
    assert.isBelow(performance.now() - startedAt, 10_000)
    assert.strictEqual(exitCode, 5, stderr)
    assert.strictEqual(cli.simulator.ledger().paidJobs, 0)
  })

  it("includes the download, and then says that the job has succeeded", async () => {
    await using cli = await openTestCli()
    cli.simulator.faults.next("hang", { origin: "cdn", times: 100 })
    const { exitCode, stderr } = await cli.run(...txt2img, "--timeout", "8s")
    assert.strictEqual(exitCode, 4, stderr)
    assert.match(stderr, /^Time was up after job job_\w+ had succeeded, with 0 of its 1 files saved\./m)
    assert.match(stderr, /\n {2}scenario wait job_\w+\n$/)
  })
})

describe.concurrent("a price that comes as text", () => {
  it("is a price all the same", async () => {
    await using cli = await openTestCli()
    cli.simulator.faults.rate("text-amounts", 1)
    const { exitCode, stdout, stderr } = await cli.run(...txt2img, "--max-cost", "20", "--json")
    assert.strictEqual(exitCode, 0, stderr)
    assert.strictEqual(JSON.parse(stdout).cost, cli.simulator.ledger().spent)
    assert.match(stderr, /submitted for [\d.]+ compute units/)
  })
})

describe.concurrent("a result of which a part is missing", () => {
  it("is saved as far as it is there, before the error", async () => {
    await using cli = await openTestCli()
    const jobId = (await cli.run(...txt2img, "-i", "numSamples=3", "--no-wait")).stdout.trim()
    const [broken = "", ...whole] = await readAssetIds(cli)
    cli.simulator.faults.rate("wrong-bytes", 1, { path: broken })
    const { exitCode, stderr } = await cli.run("wait", jobId, "--out", "pictures")
    assert.strictEqual(exitCode, 5, stderr)
    assert.include(stderr, broken)
    assert.strictEqual(whole.length, 2)
    for (const assetId of whole) assert.include(stderr, `\n  saved: pictures/${assetId}.png\n`)
  })
})

/** The assets of the only job, once it has ended. */
const readAssetIds = async ({ simulator }: TestCli): Promise<ReadonlyArray<string>> => {
  for (;;) {
    const [job] = simulator.jobs()
    if (job?.["status"] === "success") return Object(job["metadata"]).assetIds
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
