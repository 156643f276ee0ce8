// `./run check` and `./run test`: turbo runs what has changed; this adds up the results in one last line.
import { spawn } from "node:child_process"
import { globSync, readFileSync, rmSync } from "node:fs"
import { constants } from "node:os"
import process from "node:process"

const checks = [
  "check:format",
  "check:language",
  "check:lint",
  "check:types",
  "check:effect",
  "check:unused",
  "check:reference",
  "check:package",
  "test",
]
const tasks = { check: checks, test: [...checks, "test:acceptance"] }

/** The part of vitest's JSON report that is counted. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: ReadonlyArray<{
    readonly status: string
    readonly assertionResults: ReadonlyArray<{
      readonly status: string
      readonly ancestorTitles: ReadonlyArray<string>
    }>
  }>
}

/** The part of turbo's summary of a run that is read. */
interface Run {
  readonly tasks: ReadonlyArray<{
    readonly taskId: string
    readonly execution?: { readonly exitCode?: number | null }
  }>
}

const readReport = (file: string): Report => JSON.parse(readFileSync(file, "utf8"))
const readRun = (file: string): Run => JSON.parse(readFileSync(file, "utf8"))
const reports = () => globSync("{packages/*,apps/*,examples}/.turbo/report.json")
const summaries = () => globSync(".turbo/runs/*.json")

const runTurbo = (names: ReadonlyArray<string>, options: ReadonlyArray<string>): Promise<number> => {
  const child = spawn(
    process.execPath,
    [
      "node_modules/turbo/bin/turbo",
      "run",
      ...names,
      "--continue",
      "--output-logs=errors-only",
      "--summarize",
      ...options,
    ],
    { stdio: "inherit" },
  )
  // turbo ends well when it is stopped; a run that was stopped has not passed.
  let stoppedBy: NodeJS.Signals | undefined
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      stoppedBy = signal
      // Ctrl-C has reached turbo by itself, and a second one would kill it.
      if (signal !== "SIGINT") child.kill(signal)
    })
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("exit", (code, signal) => {
      const by = stoppedBy ?? signal
      resolve(by === null ? (code ?? 1) : 128 + constants.signals[by])
    })
  })
}

/** A test file that could not even be loaded has no tests to fail: it counts as one. */
const count = (report: Report) => {
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** What was skipped, by the title that says why. */
const skippedSuites = (): ReadonlyMap<string, number> => {
  const suites = new Map<string, number>()
  for (const { testResults } of reports().map(readReport)) {
    for (const { status, ancestorTitles } of testResults.flatMap((file) => file.assertionResults)) {
      const title = ancestorTitles[0] ?? "without a title"
      if (["skipped", "pending"].includes(status)) suites.set(title, (suites.get(title) ?? 0) + 1)
    }
  }
  return suites
}

const failedTasks = (): ReadonlyArray<string> =>
  summaries().flatMap((file) =>
    readRun(file)
      .tasks.filter((task) => (task.execution?.exitCode ?? 0) !== 0)
      .map((task) => task.taskId),
  )

const [name, ...given] = process.argv.slice(2)
const options = given.filter((option) => option !== "--quick")
// The real n8n is two gigabytes and some minutes.
if (options.length < given.length) process.env["SCENARIO_SKIP_N8N"] = "1"
if (name !== "check" && name !== "test") throw new Error(`verify.ts knows "check" and "test", not "${name}"`)

// Reports of an earlier run would be counted as this one's; turbo brings back those that still hold.
for (const file of [...reports(), ...summaries()]) rmSync(file)
const exitCode = await runTurbo(tasks[name], options)

const counts = reports().map((file) => count(readReport(file)))
const sum = (key: "passed" | "failed" | "skipped") => counts.reduce((total, each) => total + each[key], 0)
const broken = failedTasks()
// A check that fails without a failing test (lint, types, turbo itself) must not hide behind "0 failed".
const failedChecks = broken.filter((task) => !/#test(:|$)/.test(task)).length
const failed = Math.max(sum("failed") + failedChecks, exitCode === 0 ? 0 : 1)
if (broken.length > 0) console.log(`\nfailed: ${broken.join(", ")}`)
for (const [title, tests] of skippedSuites()) console.log(`skipped: ${title} (${tests})`)
console.log(
  `\n${sum("passed")} passed, ${failed} failed${sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : ""}`,
)
process.exitCode = exitCode
