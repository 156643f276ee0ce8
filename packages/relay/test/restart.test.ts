import { startSimulator } from "@scenario-automation/simulator"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { startReceiver, until } from "./support/Receiver.ts"
import { type RelayProcess, startRelayProcess } from "./support/RelayProcess.ts"

const startWorld = async () => {
  const simulator = await startSimulator({ speed: 20, pictures: "plain" })
  const receiver = await startReceiver()
  const folder = mkdtempSync(join(tmpdir(), "relay-"))
  const file = join(folder, "relay.sqlite")
  return {
    simulator,
    receiver,
    file,
    start: () => startRelayProcess(simulator, { RELAY_DATABASE: file }),
    [Symbol.asyncDispose]: async () => {
      await receiver[Symbol.asyncDispose]()
      await simulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const model = "model_flux-composer"
const submit = (relay: RelayProcess, callbackUrl: string) =>
  relay.call(({ waits }) =>
    waits.submit({
      payload: {
        accountId: "default",
        callbackUrl,
        idempotencyKey: "order-1",
        generation: { model, inputs: { prompt: "a red house" } },
      },
    }),
  )

describe.concurrent("a relay that is killed while it submits", () => {
  it("before the request left, submits once after the restart", async () => {
    await using world = await startWorld()
    world.simulator.faults.next("hang", { method: "GET", path: /models/ })
    const first = await world.start()
    const wait = await submit(first, world.receiver.url)
    await until(() => world.simulator.requests().some(({ path }) => path.includes("models")))
    await first.end("SIGKILL")
    const second = await world.start()
    const [end] = await world.receiver.waitFor(1)
    expect(end?.callback).toMatchObject({ type: "wait.succeeded", data: { waitId: wait.waitId } })
    expect(world.simulator.ledger().paidJobs).toBe(1)
    await second.end("SIGKILL")
  })

  it("after Scenario accepted it, finds the job and doesn't pay again", async () => {
    await using world = await startWorld()
    world.simulator.faults.next("trickle", { method: "POST", path: /generate/, chunks: 50, delayMs: 600_000 })
    const first = await world.start()
    const wait = await submit(first, world.receiver.url)
    await until(() => world.simulator.ledger().paidJobs === 1)
    await first.end("SIGKILL")
    const second = await world.start()
    const again = await submit(second, world.receiver.url)
    expect(again.waitId).toBe(wait.waitId)
    const [end] = await world.receiver.waitFor(1)
    expect(end?.callback).toMatchObject({ type: "wait.succeeded", data: { waitId: wait.waitId } })
    expect(end?.callback.data.jobs).toHaveLength(1)
    expect(world.simulator.ledger().paidJobs).toBe(1)
    await second.end("SIGKILL")
  })

  it("before Scenario accepted it, says that it is uncertain and doesn't submit again", async () => {
    await using world = await startWorld()
    world.simulator.faults.next("hang", { method: "POST", path: /generate/ })
    const first = await world.start()
    await submit(first, world.receiver.url)
    await until(() =>
      world.simulator.requests().some(({ method, path }) => method === "POST" && /generate/.test(path)),
    )
    await first.end("SIGKILL")
    const second = await world.start()
    const [end] = await world.receiver.waitFor(1, 120_000)
    expect(end?.callback).toMatchObject({
      type: "wait.uncertain",
      data: { jobs: [], problem: { code: "SubmitUncertain", message: expect.stringContaining("charged") } },
    })
    expect(world.simulator.ledger().paidJobs).toBe(0)
    await second.end("SIGKILL")
  })
})

describe.concurrent("a relay that is stopped", () => {
  it("by kill -9, delivers every pending wait after the restart", async () => {
    await using world = await startWorld()
    const first = await world.start()
    const jobIds = Array.from({ length: 100 }, () =>
      world.simulator.addJob({ durationMs: 60_000, assetIds: ["asset_1"] }),
    )
    await Promise.all(
      jobIds.map((jobId) =>
        first.call(({ waits }) =>
          waits.register({
            payload: { accountId: "default", jobIds: [jobId], callbackUrl: world.receiver.url },
          }),
        ),
      ),
    )
    await first.end("SIGKILL")
    const second = await world.start()
    await world.receiver.waitFor(100, 120_000)
    expect(new Set(world.receiver.received.map(({ id }) => id)).size).toBe(100)
    expect(new Set(world.receiver.received.flatMap(({ callback }) => callback.data.jobs[0]?.jobId))).toEqual(
      new Set(jobIds),
    )
    await second.end("SIGKILL")
  })

  it("by kill -9 between two attempts, repeats the callback with the same ID", async () => {
    await using world = await startWorld()
    world.receiver.next(500)
    const first = await world.start()
    const jobId = world.simulator.addJob({ assetIds: ["asset_1"] })
    const { waitId } = await first.call(({ waits }) =>
      waits.register({ payload: { accountId: "default", jobIds: [jobId], callbackUrl: world.receiver.url } }),
    )
    await world.receiver.waitFor(1)
    await first.end("SIGKILL")
    const second = await world.start()
    await world.receiver.waitFor(2)
    expect(world.receiver.received.map(({ id }) => id)).toEqual([waitId, waitId])
    await second.end("SIGKILL")
  })

  it("by SIGTERM, ends within seconds while receivers hang", async () => {
    await using world = await startWorld()
    world.receiver.always("hang")
    const relay = await world.start()
    for (let one = 0; one < 20; one++) {
      const jobId = world.simulator.addJob({ durationMs: one % 2 === 0 ? 1 : 3_600_000 })
      await relay.call(({ waits }) =>
        waits.register({
          payload: { accountId: "default", jobIds: [jobId], callbackUrl: world.receiver.url },
        }),
      )
    }
    await world.receiver.waitFor(5)
    expect(await relay.end("SIGTERM")).toBeLessThan(5_000)
    expect(relay.child.exitCode).toBe(0)
  })
})

describe("the database file", () => {
  it("is readable by its owner only, and opened by one process only", async () => {
    await using world = await startWorld()
    const relay = await world.start()
    expect(statSync(world.file).mode & 0o777).toBe(0o600)
    await expect(world.start()).rejects.toThrow(/ended with 1/)
    await relay.end("SIGKILL")
  })
})
