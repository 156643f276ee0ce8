import type { INode } from "n8n-workflow"
import { assert, describe, it } from "vitest"
import { onePollAtATime } from "../nodes/Scenario/triggers/onePollAtATime.ts"

const host = (id: string) => {
  const node: INode = { id, name: id, type: "", typeVersion: 1, position: [0, 0], parameters: {} }
  return { getWorkflow: () => ({ id: "1", active: true }), getNode: () => node }
}

describe("a trigger", () => {
  it("polls once at a time for each node, and again after a poll has ended or failed", async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const long = onePollAtATime(host("a"), () => promise)
    assert.isUndefined(await onePollAtATime(host("a"), () => Promise.resolve("again")))
    assert.strictEqual(await onePollAtATime(host("b"), () => Promise.resolve("other")), "other")
    resolve("first")
    assert.strictEqual(await long, "first")
    const failed = await onePollAtATime(host("a"), () => Promise.reject(new Error("no"))).catch(String)
    assert.strictEqual(failed, "Error: no")
    assert.strictEqual(await onePollAtATime(host("a"), () => Promise.resolve("next")), "next")
  })
})
