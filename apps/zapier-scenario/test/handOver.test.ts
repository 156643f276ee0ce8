import { createServer, type RequestListener } from "node:http"
import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { relayToken, startRelay } from "./relay.ts"
import { at, catchFailure, generate, getKeys, listen, performGenerate, shut, startWorld } from "./zapier.ts"

const resume = "creates.generate_asset.operation.performResume"

describe("with a relay", () => {
  it("registers the account, then the wait, and resumes after the callback", async () => {
    await using relay = await startRelay({ accounts: ["ok", "ok", "refused"], waits: ["ok", "refused"] })
    const environment = { SCENARIO_RELAY_URL: relay.url, SCENARIO_RELAY_TOKEN: relayToken }
    await using world = await startWorld({ environment })
    world.simulator.planNextJob({ durationMs: 30_000 })

    const waiting = world.call(performGenerate, generate({}))
    await world.sleep(700)
    for (let job = 0; job < 3; job++) world.simulator.planNextJob({ durationMs: 600_000 })
    const refusedWait = catchFailure(world.call(performGenerate, generate({})))
    await world.sleep(700)
    const refusedAccount = world.call(performGenerate, generate({}))
    const inEditor = world.call(performGenerate, { ...generate({}), meta: { isLoadingSample: true } })

    const handed = await waiting
    const id = at(handed.results, "id")
    expect(handed.status).toBe("CALLBACK")
    expect(handed.results).toMatchObject({ finished: false })
    const [account, wait] = relay.calls
    expect(account).toMatchObject({
      what: "account",
      asked: { apiKey: world.simulator.apiKey, apiSecret: world.simulator.apiSecret },
    })
    expect(wait).toMatchObject({
      what: "wait",
      asked: {
        accountId: at(account?.asked, "accountId"),
        jobIds: [id],
        callbackUrl: "https://hooks.example/callback/c1",
      },
    })

    // The run is marked as waiting, so it must end in an error.
    const failure = await refusedWait
    expect(failure.name).toBe("HaltedError")
    expect(failure.message).toMatch(/relay couldn't.*job_\w+/)

    expect(await refusedAccount).toMatchObject({ status: "SUCCESS", results: { finished: false } })
    expect(await inEditor).toMatchObject({ status: "SUCCESS", results: { finished: false } })
    expect(relay.calls.map(({ what }) => what)).toEqual(["account", "wait", "account", "wait", "account"])

    await world.sleep(6_000)
    const lies = {
      type: "job.succeeded",
      data: { jobId: "job_other", assetIds: ["asset_other"], url: "https://evil.example" },
    }
    const resumed = await world.call(resume, { outputData: handed.results, cleanedRequest: lies })
    expect(resumed.results).toMatchObject({ id, finished: true, status: "success" })
    expect(getKeys(resumed.results)).toEqual(Object.keys(generationSample))
    expect(JSON.stringify(resumed.results)).not.toMatch(/other|evil/)
    expect(world.simulator.ledger().paidJobs).toBe(4)

    const logs = world.zapier.logs()
    const asBytes = JSON.stringify([...Buffer.from(world.simulator.apiSecret)]).slice(1, -1)
    const found = ["/v1/accounts/", world.simulator.apiSecret, relayToken, asBytes].map((text) =>
      logs.includes(text),
    )
    expect(found).toEqual([true, false, false, false])
    expect(world.simulator.requests().every(({ authorization }) => authorization === "valid")).toBe(true)
  })
})

describe("a generation whose ID can't be part of a request", () => {
  it("isn't handed over, and the message doesn't advise Find Generation", async () => {
    await using relay = await startRelay()
    const environment = { SCENARIO_RELAY_URL: relay.url, SCENARIO_RELAY_TOKEN: relayToken }
    await using world = await startWorld({ environment })
    world.simulator.planNextJob({ jobId: "job_1/../2" })
    const { results, status } = await world.call(performGenerate, generate({}))
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({
      finished: false,
      message: expect.stringMatching(
        /is charged\. Find Generation can't use this ID: look for the generation in Scenario, and don't generate it again\.$/,
      ),
    })
    expect(relay.calls).toEqual([])
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("a failing relay", () => {
  it.each<readonly [string, RequestListener]>([
    ["sends a web page", (_, response) => response.writeHead(200).end("<html>It works!</html>")],
    ["never responds", () => undefined],
  ])("that %s leaves the step unfinished, and not repeated", async (_, answer) => {
    const relay = createServer(answer)
    const environment = { SCENARIO_RELAY_URL: await listen(relay), SCENARIO_RELAY_TOKEN: relayToken }
    await using world = await startWorld({ environment })
    world.simulator.planNextJob({ durationMs: 600_000 })
    const startedAt = performance.now()
    const { results, status } = await world.call(performGenerate, generate({}))
    expect(performance.now() - startedAt).toBeLessThan(28_000)
    await shut(relay)
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({ finished: false })
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("that never accepts the wait halts the Zap with the generation's ID", async () => {
    const relay = createServer((request, response) => {
      if (request.method === "PUT") response.writeHead(204).end()
    })
    const environment = { SCENARIO_RELAY_URL: await listen(relay), SCENARIO_RELAY_TOKEN: relayToken }
    await using world = await startWorld({ environment })
    world.simulator.planNextJob({ durationMs: 600_000 })
    const startedAt = performance.now()
    const failure = await catchFailure(world.call(performGenerate, generate({})))
    expect(performance.now() - startedAt).toBeLessThan(28_000)
    await shut(relay)
    expect(failure).toMatchObject({ name: "HaltedError", message: expect.stringMatching(/job_\w+/) })
  })
})

describe("the second half of a step", () => {
  it("reads the job's state from Scenario, and not from the callback", async () => {
    await using world = await startWorld()
    const failed = world.simulator.addJob({ status: "failure" })
    const failure = await catchFailure(world.call(resume, { outputData: { id: failed }, cleanedRequest: {} }))
    expect(failure).toMatchObject({ name: "HaltedError", message: expect.stringContaining(failed) })
    const unknown = await catchFailure(
      world.call(resume, { outputData: { id: "job_none" }, cleanedRequest: {} }),
    )
    expect(unknown).toMatchObject({ name: "HaltedError", message: expect.stringContaining("job_none") })
    const running = world.simulator.addJob({ durationMs: 3_600_000 })
    const early = await world.call(resume, { outputData: { id: running }, cleanedRequest: {} })
    expect(early.results).toMatchObject({ id: running, finished: false })
  })
})
