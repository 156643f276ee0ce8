import { existsSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { openTestCli, txt2img } from "./support/TestCli.ts"

describe.concurrent("scenario asset, the alias of assets,", () => {
  it("prints links and details and saves files, and reports an asset that doesn't exist", async () => {
    await using cli = await openTestCli()
    const [one, two] = [cli.simulator.addAsset({ prompt: "a cat" }), cli.simulator.addAsset()]
    const [url, get, download] = await Promise.all([
      cli.run("asset", "url", one, two),
      cli.run("asset", "get", one, "asset_nope", "--json"),
      cli.run("asset", "download", one, two, "--out", "files"),
    ])
    assert.strictEqual(url.stdout.trimEnd().split("\n").length, 2)
    for (const link of url.stdout.trimEnd().split("\n")) assert.strictEqual((await fetch(link)).status, 200)

    assert.strictEqual(get.exitCode, 2)
    const { assets } = JSON.parse(get.stdout)
    assert.strictEqual(assets[0].prompt, "a cat")
    assert.strictEqual(assets[1].error.tag, "NotFound")

    assert.strictEqual(download.exitCode, 0)
    assert.isTrue(existsSync(join(cli.folder, "files", `${one}.png`)))
    assert.isTrue(existsSync(join(cli.folder, "files", `${two}.png`)))
  })
})

describe.concurrent("scenario assets", () => {
  it("converts to another format, and prints a preview link that works without a key", async () => {
    await using cli = await openTestCli()
    const assetId = cli.simulator.addAsset({ prompt: "a cat" })
    const [convert, wrong, get] = await Promise.all([
      cli.run("assets", "convert", assetId, "--format", "webp", "--json"),
      cli.run("assets", "convert", assetId, "--format", "fbx"),
      cli.runWith({ SCENARIO_CDN_URL: cli.simulator.cdnUrl }, "assets", "get", assetId, "--json"),
    ])
    assert.deepInclude(JSON.parse(convert.stdout).assets[0], { assetId, format: "webp" })
    assert.strictEqual(wrong.exitCode, 2)
    assert.include(wrong.stderr, "Invalid target format")
    const { thumbnailUrl } = JSON.parse(get.stdout).assets[0]
    assert.strictEqual((await fetch(thumbnailUrl)).status, 200)
  })

  it("requests the original with --original", async () => {
    await using cli = await openTestCli()
    const assetId = cli.simulator.addAsset({ prompt: "a cat" })
    await cli.run("assets", "download", assetId, "--original")
    const read = cli.simulator.requests().filter(({ query }) => query["originalAssets"] === "true")
    assert.strictEqual(read.length, 1)
  })
})

describe.concurrent("a generation at a concurrency limit", () => {
  it("prints which limit it waits for, and continues when a job ends", async () => {
    await using cli = await openTestCli()
    const ceiling = { actionName: "parallel-custom-jobs", actionLimit: 4, path: "/generate/" }
    cli.simulator.faults.next("concurrency-limited", ceiling)
    const { exitCode, stderr } = await cli.run("generate", "model_canvas-image-2", "--prompt", "a red house")
    assert.strictEqual(exitCode, 0, stderr)
    assert.match(stderr, /is running as many jobs as it can \(parallel-custom-jobs: 4 of 4\)/)
    assert.strictEqual(cli.simulator.ledger().paidJobs, 1)
  })
})

describe.concurrent("--ip-detection", () => {
  it("prints the detection, and includes its fee in the cost", async () => {
    await using cli = await openTestCli()
    const { stdout } = await cli.run(
      "generate",
      "model_canvas-image-2",
      "--prompt",
      "a red house",
      "--ip-detection",
      "--json",
    )
    const { cost, ipDetection, primaryAssetId, assets } = JSON.parse(stdout)
    assert.strictEqual(cost, cli.simulator.ledger().spent)
    assert.strictEqual(ipDetection.action, "allowed")
    assert.strictEqual(primaryAssetId, assets[0].assetId)
  })
})

describe.concurrent("scenario models", () => {
  it("lists own and public models, or those that match words", async () => {
    await using cli = await openTestCli()
    const [both, shared, limited, found] = await Promise.all([
      cli.run("models", "list", "--json"),
      cli.run("models", "list", "--public", "--json"),
      cli.run("models", "list", "--limit", "2"),
      cli.run("models", "list", "--search", "storyboard"),
    ])
    const ids = (text: string): ReadonlyArray<string> =>
      JSON.parse(text).models.map((model: { modelId: string }) => model.modelId)
    assert.includeMembers([...ids(both.stdout)], ["model_own-watercolor", "model_canvas-image-2"])
    assert.notInclude(ids(shared.stdout), "model_own-watercolor")
    assert.strictEqual(limited.stdout.trimEnd().split("\n").length, 2)
    assert.match(found.stdout, /^model_storyboard-set\b/m)
  })

  it("prints a table of inputs, nested ones included, and needs no key for an endpoint", async () => {
    await using cli = await openTestCli()
    const noKey = { SCENARIO_SDK_API_KEY: undefined, SCENARIO_SDK_API_SECRET: undefined }
    const [model, endpoint] = await Promise.all([
      cli.run("models", "inputs", "model_storyboard-set"),
      cli.runWith(noKey, "models", "inputs", "txt2img"),
    ])
    assert.match(model.stdout, /^INPUT +TYPE +REQUIRED +DEFAULT +TAKES$/m)
    assert.match(model.stdout, /^shots\[\]\.prompt +string +always +text of at most 2000 characters$/m)
    assert.match(model.stdout, /^guide +file +when mode is guided +an image/m)
    assert.match(endpoint.stdout, /^numSamples +number +a whole number from 1 to 128$/m)
    assert.strictEqual(endpoint.exitCode, 0)
  })

  it("prints how to run a model that needs a mode", async () => {
    await using cli = await openTestCli()
    const { stdout } = await cli.run("models", "get", "model_flux-1-dev")
    assert.include(stdout, "scenario generate txt2img -i modelId=model_flux-1-dev …")
  })
})

describe.concurrent("--json", () => {
  it("prints a job and an asset with the same names in every command", async () => {
    await using cli = await openTestCli()
    const runJson = async (...args: ReadonlyArray<string>) =>
      JSON.parse((await cli.run(...args, "--json")).stdout)
    const { job: submitted } = await runJson(...txt2img, "--no-wait")
    const { jobId } = submitted
    const waited = await runJson("wait", jobId)
    const { jobs } = await runJson("jobs", "list")
    const { job: read } = await runJson("jobs", "get", jobId)
    for (const job of [submitted, waited.job, jobs[0], read]) {
      assert.containsAllKeys(job, ["jobId", "status", "progress", "cost", "modelId", "submittedAt"])
      assert.strictEqual(job.jobId, jobId)
    }
    assert.deepStrictEqual(waited.job, read)

    const [{ assetId }] = waited.assets
    const got = await runJson("assets", "get", assetId)
    const downloaded = await runJson("assets", "download", assetId)
    for (const asset of [waited, got, downloaded].map(({ assets }) => assets[0])) {
      assert.containsAllKeys(asset, ["assetId", "url", "kind", "mimeType", "bytes", "width", "height"])
      assert.strictEqual(asset.assetId, assetId)
    }
  })
})

describe.concurrent("scenario jobs", () => {
  it("lists jobs, reads one, and cancels one that can be canceled", async () => {
    await using cli = await openTestCli({ speed: 1 })
    // On a busy machine, minutes can pass before the cancellation.
    cli.simulator.planNextJob({ durationMs: 3_600_000 })
    cli.simulator.planNextJob({ durationMs: 3_600_000 })
    const inference = (await cli.run(...txt2img, "--no-wait")).stdout.trim()
    const custom = (await cli.run("generate", "model_canvas-image-2", "-p", "a", "--no-wait")).stdout.trim()
    const listed = await cli.run("jobs", "list")
    const [newest, oldest] = listed.stdout.trimEnd().split("\n")
    assert.match(newest ?? "", new RegExp(`^${custom}  .*  model_canvas-image-2  a$`))
    assert.match(oldest ?? "", new RegExp(`^${inference}  .*  a red house$`))
    const [get, cancel, refused, unknown] = await Promise.all([
      // With a carriage return, as other programs print it.
      cli.run("jobs", "get", `${custom}\r`, "--json"),
      cli.run("jobs", "cancel", inference),
      cli.run("jobs", "cancel", custom),
      cli.run("jobs", "get", "job_nope"),
    ])
    assert.strictEqual(JSON.parse(get.stdout).job.jobId, custom)
    assert.strictEqual(cancel.stdout, `Job ${inference} is canceled.\n`)
    assert.strictEqual(refused.exitCode, 1)
    assert.include(
      refused.stdout,
      "can't be canceled, because Scenario doesn't allow it for this kind of job. It keeps running and is charged",
    )
    assert.strictEqual(unknown.exitCode, 2)
  })
})
