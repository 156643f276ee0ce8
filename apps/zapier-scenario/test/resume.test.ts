import { describe, expect, it } from "vitest"
import { failureOf, startWorld } from "./zapier.ts"

const resume = "creates.generate_asset.operation.performResume"

describe("the second half of a step", () => {
  it(
    "does not believe a callback that comes too early, nor one for a job that has failed",
    { timeout: 60_000 },
    async () => {
      await using world = await startWorld()
      const failed = world.simulator.addJob({ status: "failure" })
      const failure = await failureOf(world.call(resume, { outputData: { id: failed }, cleanedRequest: {} }))
      expect(failure).toMatchObject({ name: "HaltedError", message: expect.stringContaining(failed) })
      const unknown = await failureOf(
        world.call(resume, { outputData: { id: "job_none" }, cleanedRequest: {} }),
      )
      expect(unknown).toMatchObject({ name: "HaltedError", message: expect.stringContaining("job_none") })
      const running = world.simulator.addJob({ durationMs: 3_600_000 })
      const early = await world.call(resume, { outputData: { id: running }, cleanedRequest: {} })
      expect(early.results).toMatchObject({ id: running, finished: false })
    },
  )
})
