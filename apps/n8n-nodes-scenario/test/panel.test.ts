import { assert, describe, it } from "vitest"
import { endpointNames, endpoints } from "@scenario-automation/core"
import { operationFor, properties } from "../nodes/Scenario/resources/index.ts"

const panel = properties()
const resources = (panel.find(({ name }) => name === "resource")?.options ?? []).map((option) =>
  "value" in option ? String(option.value) : "",
)
const operationsOf = (resource: string) =>
  panel
    .filter(
      ({ name, displayOptions }) =>
        name === "operation" && displayOptions?.show?.["resource"]?.includes(resource),
    )
    .flatMap(({ options }) => options ?? [])

describe("the panel", () => {
  it("has something to run behind every operation that it offers", () => {
    for (const resource of resources) {
      const operations = operationsOf(resource)
      assert.isNotEmpty(operations)
      for (const operation of operations) {
        assert.isDefined("value" in operation ? operationFor(resource, operation.value) : undefined)
      }
    }
  })

  it("offers every named endpoint that is no mode of a model", () => {
    const offered = [...operationsOf("image"), ...operationsOf("text")].map((operation) =>
      "value" in operation ? operation.value : "",
    )
    const all = endpointNames.filter((name) => endpoints[name].capability === undefined)
    assert.sameMembers(offered, all)
  })

  it("names each action once, for n8n's list of them", () => {
    const actions = resources
      .flatMap(operationsOf)
      .map((operation) => ("action" in operation ? operation.action : ""))
    assert.strictEqual(new Set(actions).size, actions.length)
    assert.isTrue(actions.every((action) => action !== undefined && action !== ""))
  })
})
