import { assert, describe, it } from "vitest"
import nodeCodex from "../nodes/Scenario/Scenario.node.json" with { type: "json" }
import triggerCodex from "../nodes/Scenario/ScenarioTrigger.node.json" with { type: "json" }
import { Scenario } from "../nodes/Scenario/Scenario.node.ts"
import { ScenarioTrigger } from "../nodes/Scenario/ScenarioTrigger.node.ts"

interface Codex {
  readonly categories: ReadonlyArray<string>
  readonly subcategories?: Readonly<Record<string, ReadonlyArray<string>>>
  readonly alias: ReadonlyArray<string>
  readonly resources: { readonly primaryDocumentation: ReadonlyArray<{ readonly url: string }> }
}

describe("what n8n's node search reads", () => {
  it.each<readonly [string, Codex]>([
    ["the node", nodeCodex],
    ["the trigger", triggerCodex],
  ])("does not hide %s among the parts of agents", (_, { categories, subcategories }) => {
    const isHidden = categories.includes("AI") && !subcategories?.["AI"]?.includes("Root Nodes")
    assert.isFalse(isHidden)
  })

  it("has the words that people type, and documentation in the node's README", () => {
    const { alias, resources } = nodeCodex
    assert.includeMembers(alias, ["generate image", "image generation"])
    assert.match(resources.primaryDocumentation[0]?.url ?? "", /n8n-nodes-scenario#readme$/)
  })

  it("describes node and trigger alike, because n8n merges them and shows the trigger's words", () => {
    assert.strictEqual(new ScenarioTrigger().description.description, new Scenario().description.description)
  })
})
