import { SubmitUncertain } from "@scenario-automation/core"
import type { INode } from "n8n-workflow"
import { assert, describe, it } from "vitest"
import { BadParameter } from "../nodes/Scenario/BadParameter.ts"
import { toErrorJson, toNodeError } from "../nodes/Scenario/nodeError.ts"

const node = (type: string): INode => ({
  id: "1",
  name: "Scenario",
  type,
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
})
const wrong = new BadParameter({ message: "The limit is no number. Nothing was sent. Correct it." })

const uncertain = new SubmitUncertain({
  intent: {
    id: "1",
    method: "POST",
    path: "/generate/custom/model_1",
    inputs: {},
    notBefore: "2026-01-01T00:00:00.000Z",
    clock: "scenario",
  },
  reason: "no answer came in time",
  candidates: [{ jobId: "job_1" }, { jobId: "job_2" }],
})

describe("an error of an item", () => {
  it("has only the keys by which n8n knows an error item, and the candidates in its details", () => {
    const json = toErrorJson(uncertain)
    assert.sameMembers(Object.keys(json), ["error", "details"])
    assert.deepStrictEqual(json["details"], {
      kind: "SubmitUncertain",
      candidates: [{ jobId: "job_1" }, { jobId: "job_2" }],
    })
    assert.deepStrictEqual(toErrorJson(wrong, "job_3")["details"], { kind: "BadParameter", jobId: "job_3" })
  })

  it("has two parts for a person, and is one text for an agent, which reads only the message", () => {
    const forPerson = toNodeError(node("scenario"), wrong, 0, ["job_9"])
    assert.strictEqual(forPerson.message, "The limit is no number.")
    assert.match(
      forPerson.description ?? "",
      /^Nothing was sent\. Correct it\. Still running, and charged: job_9/,
    )
    const forAgent = toNodeError(node("scenarioTool"), wrong, 0, ["job_9"])
    assert.match(forAgent.message, /^The limit is no number\. Nothing was sent\. Correct it\. Still running/)
  })

  it("is never longer than a page, whatever was entered", () => {
    const long = new BadParameter({ message: `image: ${"A".repeat(1_200_000)}` })
    assert.isBelow(toNodeError(node("scenario"), long, 0).message.length, 2_100)
    assert.isBelow(JSON.stringify(toErrorJson(long)).length, 2_200)
  })
})
