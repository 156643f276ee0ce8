import { assert, it } from "vitest"
import { FakeLanguageModel } from "../FakeLanguageModel.ts"
import { errorOf, outputOf, paying, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, toolType, type WorkflowNode, workflowOf } from "../Workflow.ts"

const agent: WorkflowNode = {
  id: "agent",
  name: "Agent",
  type: "@n8n/n8n-nodes-langchain.agent",
  typeVersion: 2.2,
  position: [220, 0],
  parameters: { promptType: "define", text: "Draw me a fox", options: {} },
}

const languageModel: WorkflowNode = {
  id: "model",
  name: "Model",
  type: "@n8n/n8n-nodes-langchain.lmChatOpenAi",
  typeVersion: 1.2,
  position: [200, 200],
  parameters: { model: { __rl: true, mode: "id", value: "fake" }, options: {} },
  credentials: { openAiApi: {} },
}

export const asTool = (world: () => World): void => {
  it("is called by an agent, with the prompt that the agent writes, and answers with links", async () => {
    await using model = await FakeLanguageModel.start({ prompt: "a fox in the snow" })
    const { api, simulator } = world()
    await api.addCredential("openAiApi", { apiKey: "none", url: model.url })
    const tool = scenarioNode(
      {
        resource: "generation",
        operation: "generate",
        modelId: byId("model_canvas-image-2"),
        mode: "",
        inputs: inputs({ prompt: "={{ $fromAI('prompt', 'What to draw', 'string') }}" }),
        descriptionType: "manual",
        toolDescription: "Draws a picture and gives links to it",
      },
      { type: toolType, name: "Draw", id: "draw" },
    )
    const workflow = workflowOf("agent", [{ json: {} }], agent, languageModel, tool)
    const connections = {
      Start: { main: [[{ node: "Agent", type: "main", index: 0 }]] },
      Model: { ai_languageModel: [[{ node: "Agent", type: "ai_languageModel", index: 0 }]] },
      Draw: { ai_tool: [[{ node: "Agent", type: "ai_tool", index: 0 }]] },
    }
    const execution = await paying(world(), 1, () => api.run({ ...workflow, connections }))
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution, "Agent")))
    assert.include(JSON.stringify(simulator.ledger().entries.at(-1)?.body), "a fox in the snow")
    assert.match(model.toolAnswers.join(), /assetId.*asset_\w+.*assets-transform/)
    assert.match(JSON.stringify(outputOf(execution, "Agent")[0]?.json), /Done: .*asset_/)
    // Files would only fill the storage: an agent reads text.
    const answered = execution.runs["Draw"]?.[0]?.data
    assert.notInclude(JSON.stringify(answered), "filesystem-v2")
  }, 60_000)
}
