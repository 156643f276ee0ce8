import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bundleClient } from "./bundleClient.ts"
import { findBinary, whyMissing } from "./binaries.ts"

const run = promisify(execFile)

/** Reads a model first, so that the submit goes over a connection that was used. */
const program = `
import { createScenario } from "@scenario-automation/client"
const scenario = createScenario()
const request = { endpoint: "txt2img", inputs: { modelId: "model_flux-1-dev", prompt: "a red house" } }
await scenario.models.get("model_flux-1-dev")
const { status, value, reason } = await Promise.allSettled([scenario.submit(request, { reconcileTimeoutMs: 2_000 })]).then(([one]) => one)
const outcome = status === "fulfilled" ? { jobId: value.job.jobId } : { tag: reason._tag ?? String(reason) }
let bytes = 0
if (process.argv.includes("--download")) {
  const { assets } = await scenario.resume(value)
  for await (const chunk of scenario.download(assets[0])) bytes += chunk.length
}
let files = 0
if (process.argv.includes("--save")) files = (await scenario.saveAll((await scenario.resume(value)).assets, "files")).length
console.log(JSON.stringify({ ...outcome, bytes, files }))
await scenario.close()
`

let simulator: Simulator
let folder: string
let script: string

beforeAll(async () => {
  simulator = await startSimulator({ speed: 20 })
  folder = mkdtempSync(join(tmpdir(), "scenario-runtimes-"))
  script = await bundleClient(folder, "once", program)
})

afterAll(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

const runtimes = [
  { runtime: "node", command: process.execPath, args: [] },
  { runtime: "deno", command: findBinary("deno"), args: ["run", "--allow-all", "--no-config"] },
  { runtime: "bun", command: findBinary("bun"), args: ["run"] },
] as const

interface Outcome {
  readonly jobId?: string
  readonly tag?: string
  readonly bytes: number
  readonly files: number
}

const runOn = async (
  { command = "", args }: (typeof runtimes)[number],
  ...more: ReadonlyArray<string>
): Promise<Outcome> => {
  const { stdout } = await run(command, [...args, script, ...more], {
    cwd: folder,
    env: {
      ...process.env,
      SCENARIO_SDK_API_KEY: simulator.apiKey,
      SCENARIO_SDK_API_SECRET: simulator.apiSecret,
      SCENARIO_BASE_URL: simulator.baseUrl,
    },
  })
  return JSON.parse(stdout)
}

describe.each(runtimes)("on $runtime", (runtime) => {
  it("a submit is paid once when the reused connection closes after it was accepted", async (context) => {
    if (runtime.command === undefined) return context.skip(whyMissing(runtime.runtime))
    simulator.reset()
    simulator.faults.next("lost-response")
    const outcome = await runOn(runtime)
    expect(simulator.ledger().paidJobs).toBe(1)
    // Found again, or named as uncertain: never silently repeated.
    expect(outcome.jobId ?? outcome.tag).toMatch(/^(job_|SubmitUncertain$)/)
    return undefined
  })

  it("a generation is submitted once, and its file arrives whole and is saved", async (context) => {
    if (runtime.command === undefined) return context.skip(whyMissing(runtime.runtime))
    simulator.reset()
    const { jobId, bytes, files } = await runOn(runtime, "--download", "--save")
    expect(simulator.ledger().entries.map((entry) => entry.jobId)).toEqual([jobId])
    expect(bytes).toBeGreaterThan(1_000)
    expect(files).toBe(1)
    expect(simulator.violations()).toEqual([])
    return undefined
  })
})
