import type { Simulator } from "@scenario-automation/simulator"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { openTestCli, txt2img } from "./support/TestCli.ts"

interface Case {
  readonly when: string
  readonly code: number
  readonly tag: string
  readonly args?: ReadonlyArray<string>
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly arrange?: (simulator: Simulator) => void
}

const always = { times: 1_000 }

const cases: ReadonlyArray<Case> = [
  // The two slowest cases come first.
  {
    when: "it is uncertain whether it was accepted",
    code: 6,
    tag: "SubmitUncertain",
    arrange: (sim) => {
      sim.faults.next("connection-reset", { path: "/generate/txt2img" })
    },
  },
  {
    when: "Scenario is unreachable",
    code: 5,
    tag: "Unreachable",
    args: ["--max-cost", "9"],
    environment: { SCENARIO_BASE_URL: "http://127.0.0.1:9/v1" },
  },
  {
    when: "the job failed",
    code: 1,
    tag: "JobFailed",
    arrange: (sim) => sim.planNextJob({ outcome: "failure" }),
  },
  {
    when: "the job was canceled",
    code: 1,
    tag: "JobCanceled",
    arrange: (sim) => sim.planNextJob({ outcome: "canceled" }),
  },
  {
    when: "the job has no result",
    code: 1,
    tag: "EmptyResult",
    arrange: (sim) => sim.planNextJob({ assetCount: 0 }),
  },
  { when: "the price is above the limit", code: 2, tag: "CostTooHigh", args: ["--max-cost", "0.5"] },
  {
    when: "the key is missing",
    code: 3,
    tag: "MissingCredentials",
    environment: { SCENARIO_SDK_API_KEY: undefined },
  },
  { when: "the key is wrong", code: 3, tag: "Forbidden", environment: { SCENARIO_SDK_API_KEY: "api_wrong" } },
  {
    when: "the plan is too small",
    code: 3,
    tag: "PlanRequired",
    arrange: (sim) => sim.faults.next("plan-required"),
  },
  {
    when: "credentials are refused",
    code: 3,
    tag: "Unauthorized",
    arrange: (sim) => sim.faults.next("unauthorized"),
  },
  {
    when: "the wait times out",
    code: 4,
    tag: "WaitTimedOut",
    args: ["--timeout", "15s"],
    arrange: (sim) => sim.planNextJob({ durationMs: 9e6 }),
  },
  {
    when: "Scenario limits the requests",
    code: 5,
    tag: "RateLimited",
    arrange: (sim) => sim.faults.next("cooldown"),
  },
  {
    when: "a file can't be downloaded whole",
    code: 5,
    tag: "DownloadFailed",
    arrange: (sim) => sim.faults.next("wrong-bytes", always),
  },
  { when: "--out is a file", code: 2, tag: "Usage", args: ["--out", "a-file"] },
  {
    when: "a job that was paid for has vanished",
    code: 1,
    tag: "NotFound",
    arrange: (sim) => sim.faults.rate("vanished-job", 1),
  },
]

describe.concurrent("the exit code", () => {
  it.each(cases)(
    "is $code when $when",
    async ({ code, tag, args = [], environment = {}, arrange }) => {
      await using cli = await openTestCli()
      await writeFile(join(cli.folder, "a-file"), "")
      await mkdir(join(cli.folder, "a-folder"))
      arrange?.(cli.simulator)
      const { exitCode, stdout, stderr } = await cli.runWith(environment, ...txt2img, ...args, "--json")
      const { error } = JSON.parse(stdout)
      assert.strictEqual(error.tag, tag, stderr)
      assert.strictEqual(exitCode, code)
      assert.strictEqual(error.exitCode, code)
      const [submitted] = cli.simulator.ledger().entries
      // Each error about a paid job names it.
      if (submitted !== undefined && tag !== "SubmitUncertain")
        assert.strictEqual(error.jobId, submitted.jobId)
    },
    40_000,
  )

  it("is 2 for a wrong command line, with two lines on stderr, or JSON with --json", async () => {
    await using cli = await openTestCli()
    const [text, json] = await Promise.all([
      cli.run(...txt2img, "--nope"),
      cli.run(...txt2img, "--nope", "--json"),
    ])
    assert.strictEqual(text.exitCode, 2)
    assert.strictEqual(text.stdout, "")
    assert.deepStrictEqual(text.stderr.trimEnd().split("\n"), [
      "Usage: scenario generate [flags] <model> (--help explains)",
      "Unrecognized flag: --nope in command scenario generate",
    ])
    assert.strictEqual(json.exitCode, 2)
    assert.strictEqual(JSON.parse(json.stdout).error.tag, "Usage")
  })

  it("is 0 for --help and --version, which print to stdout", async () => {
    await using cli = await openTestCli()
    const [help, version] = await Promise.all([cli.run("generate", "--help"), cli.run("--version")])
    assert.deepStrictEqual([help.exitCode, version.exitCode], [0, 0])
    assert.include(help.stdout, "--max-cost")
    assert.match(version.stdout, /^scenario v\d+\.\d+\.\d+\n$/)
  })
})
