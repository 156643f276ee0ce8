import { assert, describe, it } from "vitest"
import { type TestCli, openTestCli, waitForRequest, txt2img } from "./support/TestCli.ts"

describe.concurrent("--timeout", () => {
  it("limits the time that a submit waits for a concurrency limit", async () => {
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

  it("limits the download, and reports that the job has succeeded", async () => {
    await using cli = await openTestCli()
    cli.simulator.faults.next("hang", { origin: "cdn", times: 100 })
    const { exitCode, stderr } = await cli.run(...txt2img, "--timeout", "8s")
    assert.strictEqual(exitCode, 4, stderr)
    assert.match(
      stderr,
      /^Job job_\w+ has succeeded, but only 0 of its 1 files were saved before the timeout\./m,
    )
    assert.match(stderr, /\n {2}scenario wait job_\w+\n$/)
  })
})

describe.concurrent("a price", () => {
  it("is read if the API sends it as text", async () => {
    await using cli = await openTestCli()
    cli.simulator.faults.rate("text-amounts", 1)
    const { exitCode, stdout, stderr } = await cli.run(...txt2img, "--max-cost", "20", "--json")
    assert.strictEqual(exitCode, 0, stderr)
    assert.strictEqual(JSON.parse(stdout).cost, cli.simulator.ledger().spent)
    assert.match(stderr, /submitted for [\d.]+ compute units/)
  })
})

describe.concurrent("a result with a damaged file", () => {
  it("has its other files saved before the error", async () => {
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
