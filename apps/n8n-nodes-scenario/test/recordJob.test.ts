import { assert, describe, it } from "vitest"
import { recordJob } from "../nodes/Scenario/recordJob.ts"

describe("the jobs of an execution", () => {
  it("are stored with it, the newest first, once each, within n8n's limit", () => {
    let stored = ""
    const customData = {
      get: () => stored,
      getAll: () => ({}),
      set: (_: string, value: string) => {
        stored = value
      },
      setAll: () => {},
    }
    recordJob({ customData }, "job_1")
    recordJob({ customData }, "job_2")
    recordJob({ customData }, "job_1")
    assert.strictEqual(stored, "job_1,job_2")
    for (let index = 0; index < 100; index++) recordJob({ customData }, `job_number-${index}`)
    assert.match(stored, /^job_number-99,job_number-98,/)
    assert.isAtMost(stored.length, 255)
  })

  it("never fail a paid job because n8n has no place for them", () => {
    const refuse = () => {
      throw new Error("no")
    }
    const customData = { get: refuse, getAll: refuse, set: refuse, setAll: refuse }
    assert.doesNotThrow(() => recordJob({ customData }, "job_1"))
  })
})
