import { existsSync, readFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { openTestCli, txt2img } from "./support/TestCli.ts"

describe.concurrent("scenario generate", () => {
  it("saves the files, prints a row for each, and reports progress in plain lines", async () => {
    await using cli = await openTestCli()
    const { exitCode, stdout, stderr } = await cli.run(...txt2img, "-i", "numSamples=2", "--out", "pictures")
    assert.strictEqual(exitCode, 0, stderr)
    const rows = stdout.trimEnd().split("\n")
    assert.strictEqual(rows.length, 2)
    for (const row of rows) {
      assert.match(row, /^pictures\/asset_\w+\.png  image\/png  1024×1024  [\d.]+ k?B$/)
      assert.isTrue(existsSync(join(cli.folder, row.split("  ")[0] ?? "")))
    }
    assert.match(stderr, /^txt2img \(job_\w+\): submitted for [\d.]+ compute units$/m)
    assert.match(stderr, /^txt2img \(job_\w+\): done in [\d.]+ s, 2 files of [\d.]+ k?B$/m)
    assert.notInclude(stderr + stdout, "\u001B")
    assert.strictEqual(cli.simulator.ledger().paidJobs, 1)
    assert.deepStrictEqual(cli.simulator.violations(), [])
  })

  it("prints only one JSON document to stdout with --json", async () => {
    await using cli = await openTestCli()
    const { exitCode, stdout } = await cli.run(...txt2img, "--json")
    assert.strictEqual(exitCode, 0)
    const { job, assets, cost } = JSON.parse(stdout)
    assert.match(job.jobId, /^job_/)
    assert.strictEqual(job.status, "success")
    assert.strictEqual(assets.length, 1)
    const [asset] = assets
    assert.match(asset.url, /^http/)
    assert.strictEqual(asset.mimeType, "image/png")
    assert.strictEqual(readFileSync(join(cli.folder, asset.path)).length, asset.bytes)
    assert.strictEqual(cost, cli.simulator.ledger().spent)
  })

  it("prints a text result, as output with --json", async () => {
    await using cli = await openTestCli()
    const [text, json] = await Promise.all([
      cli.run("generate", "prompt", "--prompt", "a castle"),
      cli.run("generate", "prompt", "--prompt", "a castle", "--json"),
    ])
    assert.match(text.stdout, /^a castle/)
    assert.notInclude(text.stdout, "{")
    const { assets, output } = JSON.parse(json.stdout)
    assert.deepStrictEqual(assets, [])
    assert.match(output.prompts[0], /^a castle/)
  })

  it("uploads a local file, makes a list of repeated names, and reads := as JSON", async () => {
    await using cli = await openTestCli()
    await writeFile(
      join(cli.folder, "red.svg"),
      '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
    )
    const assetId = cli.simulator.addAsset()
    const files = ["-f", "referenceImages=red.svg", "-f", `referenceImages=${assetId}`]
    const run = await cli.run("generate", "model_canvas-image-2", "-p", "a", ...files, "-i", "numOutputs:=2")
    assert.strictEqual(run.exitCode, 0, run.stderr)
    const [entry] = cli.simulator.ledger().entries
    const { referenceImages, numOutputs } = Object(entry?.body)
    assert.strictEqual(numOutputs, 2)
    assert.strictEqual(referenceImages.length, 2)
    assert.strictEqual(referenceImages[1], assetId)
    assert.match(referenceImages[0], /^asset_/)
  })

  it("runs workflow:<id>, and checks its inputs", async () => {
    await using cli = await openTestCli()
    const target = "workflow:wflow_sprite-sheet"
    const [run, refused] = await Promise.all([
      cli.run("generate", target, "-p", "a knight", "--json"),
      cli.run("generate", target, "-p", "a knight", "-i", "colour=red"),
    ])
    assert.strictEqual(run.exitCode, 0, run.stderr)
    assert.isNotEmpty(JSON.parse(run.stdout).assets)
    assert.strictEqual(refused.exitCode, 2)
    assert.deepStrictEqual(
      cli.simulator.ledger().entries.map(({ endpoint }) => endpoint),
      ["/workflows/wflow_sprite-sheet/run"],
    )
  })

  it("prints the text of a language model", async () => {
    await using cli = await openTestCli()
    const { stdout } = await cli.run("generate", "model_scribe-llm", "-p", "a fox")
    const [row = "", ...words] = stdout.trimEnd().split("\n")
    assert.match(row, /^asset_\w+\.txt {2}text\/plain/)
    assert.strictEqual(
      words.join("\n"),
      readFileSync(join(cli.folder, row.split("  ")[0] ?? ""), "utf8").trimEnd(),
    )
  })

  it("submits nothing with --dry-run", async () => {
    await using cli = await openTestCli()
    const [text, json] = await Promise.all([
      cli.run(...txt2img, "--dry-run"),
      cli.run(...txt2img, "--dry-run", "--json"),
    ])
    assert.match(text.stdout, /^This would cost [\d.]+ compute units\. Nothing was submitted\.\n$/)
    const { dryRun, cost } = JSON.parse(json.stdout)
    assert.isTrue(dryRun)
    assert.isAbove(cost, 0)
    assert.strictEqual(cli.simulator.ledger().paidJobs, 0)
  })

  it("submits with --no-wait, and another process can wait for the job", async () => {
    await using cli = await openTestCli()
    const submitted = await cli.run(...txt2img, "--no-wait", "--out", "my pictures")
    assert.strictEqual(submitted.exitCode, 0)
    const jobId = submitted.stdout.trim()
    assert.match(jobId, /^job_\w+$/)
    assert.include(submitted.stderr, `  scenario wait ${jobId} --out 'my pictures'`)

    const waited = await cli.run("wait", jobId, "--out", "my pictures", "--json")
    assert.strictEqual(waited.exitCode, 0, waited.stderr)
    const { job, assets } = JSON.parse(waited.stdout)
    assert.strictEqual(job.jobId, jobId)
    assert.isTrue(existsSync(join(cli.folder, assets[0].path)))
    assert.strictEqual(cli.simulator.ledger().paidJobs, 1)
  })
})
