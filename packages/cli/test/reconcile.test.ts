import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { type TestCli, openTestCli, txt2img } from "./support/TestCli.ts"

/** A model with a seed, so that its job is recognized for certain. */
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

/** Kills a process after its submit was charged, before it knows the job. */
const killInSubmit = async (cli: TestCli, args: ReadonlyArray<string>): Promise<string> => {
  cli.simulator.faults.next("lost-response")
  const running = cli.start(...args)
  await until(() => cli.simulator.ledger().paidJobs > 0)
  running.process.kill("SIGKILL")
  await running.ended
  return cli.simulator.ledger().entries[0]?.jobId ?? ""
}

describe.concurrent("scenario reconcile", () => {
  it("finds the job of a process that was killed during its submit, and forgets the submit", async () => {
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
    assert.include((await cli.run("reconcile")).stderr, "No submit of this account is uncertain")
  })

  it("lists candidates if there is no seed, and resumes the job of a sole submitter", async () => {
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

  it("keeps a submit that is still running or whose job may not be listed yet", async () => {
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

  it("reads an intent from stdin, and refuses a file without one", async () => {
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

  it("deletes only files that are too old", async () => {
    await using cli = await openTestCli()
    await cli.run(...txt2img, "--no-wait")
    assert.isEmpty(listStored(cli))
    const account = join(cli.folder, ".state/scenario-automation/intents")
    const [name = ""] = readdirSync(account)
    const [old, incomplete, broken] = ["old.json", "new.json.123", "broken.json"].map((one) =>
      join(account, name, one),
    )
    for (const file of [old, incomplete, broken]) writeFileSync(file ?? "", "{")
    utimesSync(old ?? "", new Date(0), new Date(0))
    const { exitCode } = await cli.run("reconcile")
    assert.strictEqual(exitCode, 0)
    assert.sameMembers([...listStored(cli)], [incomplete, broken])
  })
})

describe.concurrent("an uncertain submit", () => {
  it("prints each candidate and the commands to wait and to search again", async () => {
    // The search compares the simulator's clock with this one, so both run at the same speed.
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

  it("resumes the job with --sole-submitter", async () => {
    // The search compares the simulator's clock with this one, so both run at the same speed.
    await using cli = await openTestCli({ speed: 1 })
    cli.simulator.planNextJob({ durationMs: 1_000 })
    cli.simulator.faults.next("lost-response")
    const { exitCode, stderr } = await cli.run(...txt2img, "--sole-submitter")
    assert.strictEqual(exitCode, 0, stderr)
    assert.strictEqual(cli.simulator.ledger().paidJobs, 1)
    assert.isEmpty(listStored(cli))
  })

  it("is not stored if it was refused", async () => {
    await using cli = await openTestCli()
    cli.simulator.faults.next("plan-required")
    assert.strictEqual((await cli.run(...txt2img)).exitCode, 3)
    assert.isEmpty(listStored(cli))
  })

  it("is sent with a warning if it can't be stored", async () => {
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
