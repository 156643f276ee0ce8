import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { startSimulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "vitest"
import { createScenario } from "../src/promise.ts"

const program = fileURLToPath(new URL("support/submitForAnotherProcess.ts", import.meta.url))

describe("a process that is killed in the middle of a submit", () => {
  it.each([
    ["after the job was created and before its response came", "slow", 1],
    ["before the request was accepted", "hang", 0],
  ] as const)("%s, leaves an intent that finds its job, if there is one", async (_, fault, paidJobs) => {
    await using simulator = await startSimulator({ pictures: "plain" })
    simulator.faults.next(fault, { path: "/generate/", delayMs: 600_000 })
    const { baseUrl, apiKey, apiSecret } = simulator
    const child = spawn(process.execPath, [program, baseUrl, apiKey, apiSecret], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    try {
      const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next()
      const { intent } = JSON.parse(String(value))
      const isSent = () =>
        simulator.requests().some(({ path, body }) => path.includes("/generate/") && body !== undefined)
      while (!isSent()) await new Promise(setImmediate)
      while (simulator.ledger().paidJobs < paidJobs) await new Promise(setImmediate)
      child.kill("SIGKILL")
      await new Promise((resolve) => child.once("exit", resolve))

      const scenario = createScenario({ baseUrl, apiKey, apiSecret })
      const { submission, candidates, isComplete } = await scenario.reconcile(intent, { timeoutMs: 1 })
      await scenario.close()
      assert.strictEqual(simulator.ledger().paidJobs, paidJobs)
      assert.strictEqual(submission?.job.jobId, simulator.ledger().entries[0]?.jobId)
      // A job that wasn't found may not be listed yet.
      assert.deepStrictEqual([candidates, isComplete], [[], submission !== undefined])
    } finally {
      child.kill("SIGKILL")
    }
  })
})
