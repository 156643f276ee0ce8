import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { type TestCli, openTestCli, txt2img } from "./support/TestCli.ts"

/** A model by whose seed its jobs are recognized for certain. */
const seeded = ["generate", "model_flux-composer", "-p", "a red house", "--out", "my pictures"] as const

const listStored = ({ folder }: TestCli): ReadonlyArray<string> => {
  const intents = join(folder, ".state/scenario-automation/intents")
  if (!existsSync(intents)) return []
  return readdirSync(intents).flatMap((account) =>
    readdirSync(join(intents, account)).map((name) => join(intents, account, name)),
  )
}

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Kills a process after its submit was paid for, and before its job is known to it. */
const killInSubmit = async (cli: TestCli, args: ReadonlyArray<string>): Promise<string> => {
  cli.simulator.faults.next("lost-response")
  const running = cli.start(...args)
  await until(() => cli.simulator.ledger().paidJobs > 0)
  running.process.kill("SIGKILL")
  await running.ended
  return cli.simulator.ledger().entries[0]?.jobId ?? ""
}

describe.concurrent("scenario reconcile", () => {
  it("finds the job of a process that was killed in its submit, and forgets it", async () => {
    await using cli = await openTestCli()
    const jobId = await killInSubmit(cli, seeded)
    const [file = "", ...others] = listStored(cli)
    assert.isEmpty(others)
    assert.strictEqual(statSync(file).mode & 0o777, 0o600)
    assert.notInclude(readFileSync(file, "utf8") + file, cli.simulator.apiKey)

    const { exitCode, stdout, stderr } = await cli.run("reconcile")
    assert.strictEqual(exitCode, 0, stderr)
    assert.include(stdout, `\n  scenario wait ${jobId} --out 'my pictures'\n`)
    assert.isEmpty(listStored(cli))
    assert.strictEqual(cli.simulator.ledger().paidJobs, 1)
    assert.include((await cli.run("reconcile")).stderr, "Nothing to search for")
  })

  it("names candidates where no seed tells, and adopts the job of a sole submitter", async () => {
    await using cli = await openTestCli()
    const jobId = await killInSubmit(cli, txt2img)
    const uncertain = await cli.run("reconcile", "--json")
    assert.strictEqual(uncertain.exitCode, 6, uncertain.stderr)
    const [intent] = JSON.parse(uncertain.stdout).intents
    assert.strictEqual(intent.outcome, "candidates")
    assert.strictEqual(intent.candidates[0].jobId, jobId)
    assert.strictEqual(intent.candidates[0].resume, `scenario wait ${jobId}`)
    assert.strictEqual(listStored(cli).length, 1)

    const adopted = await cli.run("reconcile", "--sole-submitter")
    assert.strictEqual(adopted.exitCode, 0, adopted.stderr)
    assert.include(adopted.stdout, `  scenario wait ${jobId}`)
    assert.isEmpty(listStored(cli))
    assert.strictEqual(cli.simulator.ledger().paidJobs, 1)
  })

  it("forgets nothing that another process still submits, or that may not be listed yet", async () => {
    await using cli = await openTestCli()
    cli.simulator.faults.next("lost-response")
    cli.simulator.faults.next("listed-late", { delayMs: 3_600_000 })
    const running = cli.start(...seeded)
    await until(() => cli.simulator.ledger().paidJobs > 0)
    await cli.run("reconcile", "--forget", "--timeout", "1s")
    assert.strictEqual(listStored(cli).length, 1)
    running.process.kill("SIGKILL")
    await running.ended
    await cli.run("reconcile", "--forget", "--timeout", "1s")
    assert.strictEqual(listStored(cli).length, 1)
  })

  it("reads one intent from a file or from stdin, and refuses what holds none", async () => {
    await using cli = await openTestCli()
    const jobId = await killInSubmit(cli, seeded)
    const [file = ""] = listStored(cli)
    const printed = JSON.stringify({ error: { intent: JSON.parse(readFileSync(file, "utf8")) } })
    const fromStdin = await cli.runOn(printed, "reconcile", "-", "--json")
    assert.strictEqual(JSON.parse(fromStdin.stdout).intents[0].job.jobId, jobId)
    writeFileSync(join(cli.folder, "other.json"), "{}")
    const refused = await cli.run("reconcile", "other.json")
    assert.strictEqual(refused.exitCode, 2)
  })

  it("cleans up what is too old, and leaves other files' contents alone", async () => {
    await using cli = await openTestCli()
    await cli.run(...txt2img, "--no-wait")
    assert.isEmpty(listStored(cli))
    const account = join(cli.folder, ".state/scenario-automation/intents")
    const [name = ""] = readdirSync(account)
    const [old, half, broken] = ["old.json", "new.json.123", "broken.json"].map((one) =>
      join(account, name, one),
    )
    for (const file of [old, half, broken]) writeFileSync(file ?? "", "{")
    utimesSync(old ?? "", new Date(0), new Date(0))
    const { exitCode } = await cli.run("reconcile")
    assert.strictEqual(exitCode, 0)
    assert.sameMembers([...listStored(cli)], [half, broken])
  })
})

describe.concurrent("an uncertain submit", () => {
  it("lists each candidate with the command that waits for it, and how to search again", async () => {
    // The simulator's clock must run as ours does: the search compares both.
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.planNextJob({ durationMs: 1_000 })
    cli.simulator.faults.next("lost-response")
    const { exitCode, stderr } = await cli.run(...txt2img, "--out", "pictures", "--timeout", "10s")
    assert.strictEqual(exitCode, 6, stderr)
    const [entry] = cli.simulator.ledger().entries
    assert.match(
      stderr,
      new RegExp(`^  ${entry?.jobId}  [\\dT:.Z-]+  model_flux-1-dev  [\\w-]+  "a red house"$`, "m"),
    )
    assert.include(stderr, `\n    scenario wait ${entry?.jobId} --out pictures\n`)
    assert.isTrue(stderr.endsWith("\n  scenario reconcile\n"), stderr)
    assert.strictEqual(listStored(cli).length, 1)
  })

  it("is adopted with --sole-submitter", async () => {
    // The simulator's clock must run as ours does: the search compares both.
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.planNextJob({ durationMs: 1_000 })
    cli.simulator.faults.next("lost-response")
    const { exitCode, stderr } = await cli.run(...txt2img, "--sole-submitter")
    assert.strictEqual(exitCode, 0, stderr)
    assert.strictEqual(cli.simulator.ledger().paidJobs, 1)
    assert.isEmpty(listStored(cli))
  })

  it("leaves nothing stored if it was refused", async () => {
    await using cli = await openTestCli()
    cli.simulator.faults.next("plan-required")
    assert.strictEqual((await cli.run(...txt2img)).exitCode, 3)
    assert.isEmpty(listStored(cli))
  })

  it("is still submitted if it can't be stored, with a warning", async () => {
    await using cli = await openTestCli()
    writeFileSync(join(cli.folder, "a-file"), "")
    const { exitCode, stderr } = await cli.runWith({ XDG_STATE_HOME: join(cli.folder, "a-file") }, ...txt2img)
    assert.strictEqual(exitCode, 0, stderr)
    assert.include(stderr, "Warning: this submit can't be stored")
  })
})

describe.concurrent("--request-key", () => {
  it("resumes the job of the first request instead of paying again", async () => {
    await using cli = await openTestCli()
    const first = await cli.run(...seeded, "--request-key", "order 7", "--json")
    const again = await cli.run(...seeded, "--request-key", "order 7", "--json")
    assert.strictEqual(again.exitCode, 0, again.stderr)
    assert.strictEqual(JSON.parse(again.stdout).job.jobId, JSON.parse(first.stdout).job.jobId)
    assert.strictEqual(cli.simulator.ledger().paidJobs, 1)
  })
})
