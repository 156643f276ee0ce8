import { createServer } from "node:http"
import { describe, expect, it } from "vitest"
import { relayToken } from "./relay.ts"
import { generate, listen, performGenerate, shut, startWorld } from "./zapier.ts"

describe("a relay that answers nonsense", () => {
  it("changes nothing: the step ends unfinished, and is not repeated", { timeout: 40_000 }, async () => {
    const nonsense = createServer((_, response) => response.writeHead(200).end("<html>It works!</html>"))
    const environment = { SCENARIO_RELAY_URL: await listen(nonsense), SCENARIO_RELAY_TOKEN: relayToken }
    await using world = await startWorld({ speed: 1, environment })
    world.simulator.planNextJob({ durationMs: 600_000 })
    const { results, status } = await world.call(performGenerate, generate({}))
    await shut(nonsense)
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({ finished: false })
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})
