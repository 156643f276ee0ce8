import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { N8n, type RunningN8n } from "./N8n.ts"
import { N8nApi } from "./N8nApi.ts"
import { installed, isSkipped, getOutput, signIn, whySkipped } from "./realN8n.ts"
import { everyTwoSeconds, triggerType, type Workflow, type WorkflowNode } from "./Workflow.ts"

const triggered = (id: string, parameters: object): Workflow => {
  const trigger: WorkflowNode = {
    id: "trigger",
    name: "Scenario",
    type: triggerType,
    typeVersion: 1,
    position: [0, 0],
    parameters: { pollTimes: everyTwoSeconds, ...parameters },
    credentials: { scenarioApi: {} },
  }
  const then: WorkflowNode = {
    id: "then",
    name: "Then",
    type: "n8n-nodes-base.noOp",
    typeVersion: 1,
    position: [220, 0],
    parameters: {},
  }
  return {
    id: id.padEnd(16, "-"),
    name: id,
    active: false,
    nodes: [trigger, then],
    connections: { Scenario: { main: [[{ node: "Then", type: "main", index: 0 }]] } },
    settings: { executionOrder: "v1" },
  }
}

const jobs = triggered("jobs", { event: "jobFinished", filters: { status: "success" } })
const assets = triggered("assets", { event: "newAsset", filters: {} })

describe.skipIf(isSkipped)(`in a real n8n, the trigger${whySkipped}`, () => {
  let simulator: Simulator
  let n8n: N8n

  beforeAll(async () => {
    if ("missing" in installed) return
    simulator = await startSimulator({ pictures: "plain" })
    n8n = await N8n.prepare(installed.folder)
  }, 120_000)
  afterAll(async () => {
    if (isSkipped) return
    await simulator.close()
    n8n.remove()
  })

  /** Runs an n8n while the work runs. */
  const whileRunning = async <A>(work: (api: N8nApi, running: RunningN8n) => Promise<A>): Promise<A> => {
    if ("missing" in installed) throw new Error(installed.missing)
    await using running = await n8n.start()
    const api = await N8nApi.login(running.url, installed.folder)
    await signIn({ api, simulator })
    return await work(api, running)
  }

  /** Waits until a workflow has been started with `count` IDs, and returns them. */
  const waitForStarts = async (
    api: N8nApi,
    { id }: Workflow,
    key: string,
    count: number,
  ): Promise<ReadonlyArray<unknown>> => {
    for (let tries = 0; ; tries++) {
      const executions = await api.listExecutions(id)
      const ids = executions.flatMap((execution) => getOutput(execution).map(({ json }) => json[key]))
      if (ids.length >= count || tries > 40) return ids
      await sleep(500)
    }
  }

  it(
    "reports each finished job and each new asset once, in order, including during a restart",
    { timeout: 180_000 },
    async () => {
      // Ended long ago: a young job would still run at the trigger's first poll.
      simulator.addJob({ jobId: "job_before", status: "success", ageMs: 3_600_000 })
      await whileRunning(async (api) => {
        simulator.addJob({ jobId: "job_slow", durationMs: 12_000 })
        await api.activate(jobs)
        await api.activate(assets)
        await sleep(3_000)
        simulator.addJob({ jobId: "job_first", status: "success", ageMs: 100, durationMs: 50 })
        simulator.addJob({ jobId: "job_failed", status: "failure", ageMs: 100, durationMs: 50 })
        simulator.addAsset({ id: "asset_first" })
        assert.deepStrictEqual(await waitForStarts(api, jobs, "jobId", 2), ["job_first", "job_slow"])
        assert.deepStrictEqual(await waitForStarts(api, assets, "assetId", 1), ["asset_first"])
        // n8n stores a trigger's position when it shuts down, or some time after a poll.
        await sleep(2_500)
      })
      simulator.addJob({ jobId: "job_meanwhile", status: "success", ageMs: 100, durationMs: 50 })
      simulator.addAsset({ id: "asset_meanwhile" })
      await whileRunning(async (api) => {
        assert.deepStrictEqual(await waitForStarts(api, jobs, "jobId", 3), [
          "job_first",
          "job_slow",
          "job_meanwhile",
        ])
        assert.deepStrictEqual(await waitForStarts(api, assets, "assetId", 2), [
          "asset_first",
          "asset_meanwhile",
        ])
        await sleep(5_000)
        assert.strictEqual((await waitForStarts(api, jobs, "jobId", 3)).length, 3)
        assert.strictEqual((await waitForStarts(api, assets, "assetId", 2)).length, 2)
      })
      assert.strictEqual(simulator.ledger().paidJobs, 0)
      assert.deepStrictEqual(simulator.violations(), [])
    },
  )

  it("reports an event once when a poll lasts longer than the interval", { timeout: 120_000 }, async () => {
    const slow = triggered("slow", { event: "newAsset", filters: { tags: "slow" } })
    await whileRunning(async (api) => {
      await api.activate(slow)
      await sleep(3_000)
      simulator.faults.next("slow", { delayMs: 7_000, path: "/assets", method: "GET" })
      simulator.addAsset({ id: "asset_slow", tags: ["slow"] })
      assert.deepStrictEqual(await waitForStarts(api, slow, "assetId", 1), ["asset_slow"])
      assert.deepStrictEqual(await waitForStarts(api, slow, "assetId", 2), ["asset_slow"])
      await api.deactivate(slow)
    })
  })

  it(
    "shows the latest jobs in the editor without changing the trigger's position",
    { timeout: 90_000 },
    async () => {
      await whileRunning(async (api) => {
        const tried = triggered("tried", { event: "newAsset", filters: {} })
        const execution = await api.waitForEnd(await api.start(tried, "Scenario"))
        assert.deepStrictEqual(
          getOutput(execution).map(({ json }) => json["assetId"]),
          ["asset_slow", "asset_meanwhile", "asset_first"],
        )
      })
    },
  )

  it(
    "neither misses nor repeats events when n8n is killed before or after one",
    { timeout: 120_000 },
    async () => {
      const quiet = triggered("quiet", { event: "newAsset", filters: { tags: "rare" } })
      const busy = triggered("busy", { event: "newAsset", filters: {} })
      await whileRunning(async (api, running) => {
        await api.activate(quiet)
        await api.activate(busy)
        await sleep(3_000)
        simulator.addAsset({ id: "asset_reported" })
        assert.deepStrictEqual(await waitForStarts(api, busy, "assetId", 1), ["asset_reported"])
        await running.kill()
      })
      simulator.addAsset({ id: "asset_after", tags: ["rare"] })
      await whileRunning(async (api) => {
        assert.deepStrictEqual(await waitForStarts(api, busy, "assetId", 2), [
          "asset_reported",
          "asset_after",
        ])
        assert.deepStrictEqual(await waitForStarts(api, quiet, "assetId", 1), ["asset_after"])
        await sleep(5_000)
        assert.strictEqual((await waitForStarts(api, busy, "assetId", 2)).length, 2)
        assert.strictEqual((await waitForStarts(api, quiet, "assetId", 1)).length, 1)
      })
    },
  )
})
