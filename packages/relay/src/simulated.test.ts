import { startSimulator } from "@scenario-automation/simulator"
import { expect, it } from "vitest"
import { describeSimulated } from "./simulated.ts"

it("the command that a try prints names a model that the simulator has", async () => {
  const [, body = ""] = /-d '(.*)'/.exec(describeSimulated({}, "http://localhost")) ?? []
  await using simulator = await startSimulator()
  const { apiKey, apiSecret, baseUrl } = simulator
  const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`
  const model = await fetch(`${baseUrl}/models/${JSON.parse(body).generation.model}`, {
    headers: { authorization },
  })
  expect(model.status).toBe(200)
})
