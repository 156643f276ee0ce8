import { setTimeout } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { relayToken, startRelay } from "./relay.ts"
import { at, failureOf, generate, keysOf, performGenerate, startWorld } from "./zapier.ts"

const resume = "creates.generate_asset.operation.performResume"

describe("where the app's owner runs a relay", () => {
  it(
    "hands over what outlasts the step, account first, and takes it up by the callback",
    { timeout: 90_000 },
    async () => {
      await using relay = await startRelay({ accounts: ["ok", "ok", "refused"], waits: ["ok", "refused"] })
      const environment = { SCENARIO_RELAY_URL: relay.url, SCENARIO_RELAY_TOKEN: relayToken }
      await using world = await startWorld({ speed: 1, environment })
      world.simulator.planNextJob({ durationMs: 30_000 })

      const waiting = world.call(performGenerate, generate({}))
      await setTimeout(700)
      for (let job = 0; job < 3; job++) world.simulator.planNextJob({ durationMs: 600_000 })
      const refusedWait = failureOf(world.call(performGenerate, generate({})))
      await setTimeout(700)
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
          jobId: id,
          callbackUrl: "https://hooks.example/callback/c1",
        },
      })

      // The run is marked as waiting by then: it must end, and say where the generation is.
      const failure = await refusedWait
      expect(failure.name).toBe("HaltedError")
      expect(failure.message).toMatch(/relay could not.*job_\w+/)

      // Without a relay that knows the account the step ends as if there were none.
      expect(await refusedAccount).toMatchObject({ status: "SUCCESS", results: { finished: false } })
      expect(await inEditor).toMatchObject({ status: "SUCCESS", results: { finished: false } })
      expect(relay.calls.map(({ what }) => what)).toEqual(["account", "wait", "account", "wait", "account"])

      await setTimeout(6_000)
      const lies = {
        type: "job.succeeded",
        data: { jobId: "job_other", assetIds: ["asset_other"], url: "https://evil.example" },
      }
      const resumed = await world.call(resume, { outputData: handed.results, cleanedRequest: lies })
      expect(resumed.results).toMatchObject({ id, finished: true, status: "success" })
      expect(keysOf(resumed.results)).toEqual(Object.keys(generationSample))
      expect(JSON.stringify(resumed.results)).not.toMatch(/other|evil/)
      expect(world.simulator.ledger().paidJobs).toBe(4)

      // Nothing of what the relay was told in confidence is in Zapier's log.
      const logs = world.zapier.logs()
      const asBytes = JSON.stringify([...Buffer.from(world.simulator.apiSecret)]).slice(1, -1)
      const told = ["/v1/accounts/", world.simulator.apiSecret, relayToken, asBytes].map((text) =>
        logs.includes(text),
      )
      expect(told).toEqual([true, false, false, false])
      expect(world.simulator.requests().every(({ authorization }) => authorization === "valid")).toBe(true)
    },
  )
})
