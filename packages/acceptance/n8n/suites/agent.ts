import { setTimeout as sleep } from "node:timers/promises"
import { assert, it } from "vitest"
import { FakeLanguageModel, type IsDone } from "../FakeLanguageModel.ts"
import { McpClient } from "../McpClient.ts"
import type { Execution } from "../N8nApi.ts"
import { getError, getOutput, expectPaid, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, toolType, type WorkflowNode, makeWorkflow } from "../Workflow.ts"

/** The newest agent, which lets n8n run its tools as nodes, and an older one, which calls them itself. */
const agentVersions = [3.1, 2.2] as const

const makeAgent = (typeVersion: number): WorkflowNode => ({
  id: "agent",
  name: "Agent",
  type: "@n8n/n8n-nodes-langchain.agent",
  typeVersion,
  position: [220, 0],
  parameters: { promptType: "define", text: "Draw me a fox", options: {} },
})

const languageModel: WorkflowNode = {
  id: "model",
  name: "Model",
  type: "@n8n/n8n-nodes-langchain.lmChatOpenAi",
  typeVersion: 1.2,
  position: [200, 200],
  parameters: { model: { __rl: true, mode: "id", value: "fake" }, options: {} },
  credentials: { openAiApi: {} },
}

const connections = {
  Start: { main: [[{ node: "Agent", type: "main", index: 0 }]] },
  Model: { ai_languageModel: [[{ node: "Agent", type: "ai_languageModel", index: 0 }]] },
  Draw: { ai_tool: [[{ node: "Agent", type: "ai_tool", index: 0 }]] },
}

const drawTool = (modelId: string, more: object = {}, settings: Partial<WorkflowNode> = {}) =>
  scenarioNode(
    {
      resource: "generation",
      operation: "generate",
      modelId: byId(modelId),
      mode: "",
      prompt: "={{ $fromAI('prompt', 'What to draw', 'string') }}",
      inputs: inputs({}),
      descriptionType: "manual",
      toolDescription: "Generates an image and returns links to it",
      ...more,
    },
    { type: toolType, name: "Draw", id: "draw", ...settings },
  )

/** Whether a tool's answer is an error. */
const isError = (answer: string | undefined): boolean => answer === undefined || !/"?asset_\w+/.test(answer)

export const asTool = (world: () => World): void => {
  let runs = 0
  /** Runs an agent that calls the tool until `isDone`; `answers` are what the tool returned. */
  const ask = async (
    jobs: number,
    version: number,
    tool: WorkflowNode,
    isDone?: IsDone,
  ): Promise<{ readonly execution: Execution; readonly answers: ReadonlyArray<string> }> => {
    const { api } = world()
    await using model = await FakeLanguageModel.start({ prompt: "a fox in the snow" }, isDone)
    await api.addCredential("openAiApi", { apiKey: "none", url: model.url })
    const workflow = makeWorkflow(`agent-${runs++}`, [{ json: {} }], makeAgent(version), languageModel, tool)
    const execution = await expectPaid(world(), jobs, () => api.run({ ...workflow, connections }))
    return { execution, answers: model.toolAnswers }
  }

  it.each(agentVersions)(
    "is called by agent %d, with the prompt that the agent writes, and answers with links",
    async (version) => {
      const { simulator } = world()
      const { execution, answers } = await ask(1, version, drawTool("model_canvas-image-2"))
      assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution, "Agent")))
      assert.include(JSON.stringify(simulator.ledger().entries.at(-1)?.body), "a fox in the snow")
      assert.match(answers.join(), /assetId.*asset_\w+.*assets-transform/)
      // Links expire; the previews don't.
      assert.match(answers.join(), /thumbnailUrl.*\/thumbnails\/asset_\w+/)
      assert.match(JSON.stringify(getOutput(execution, "Agent")[0]?.json), /Done: .*asset_/)
      // An agent can't read files.
      assert.notInclude(JSON.stringify(execution.runs["Draw"]), "filesystem-v2")
    },
    60_000,
  )

  it("returns the whole error to agent 3.1, with what to do", async () => {
    const { answers } = await ask(0, 3.1, drawTool("model_canvas-image-2", { options: { maxCost: 1 } }))
    assert.match(answers.join(), /would cost 5\.25 compute units/)
    assert.match(answers.join(), /Raise Maximum Cost, or change the inputs/)
  }, 60_000)

  it("pays once when agent 3.1 repeats a call whose response was lost, and names the same candidate", async () => {
    const { simulator } = world()
    simulator.faults.next("lost-response")
    const { answers } = await ask(1, 3.1, drawTool("model_canvas-image-2"), (all) => all.length >= 2)
    assert.strictEqual(answers.length, 2)
    for (const answer of answers)
      assert.match(answer, /It may be job_\w+\. Use AI Generation: Wait with the right job ID/)
  }, 90_000)

  it("pays once when agent 3.1 repeats a call whose response was lost, and finds its job by then", async () => {
    const { simulator } = world()
    // Listed after 16 s of real time, when the search of the first call is over.
    simulator.faults.next("listed-late", { delayMs: 320_000 })
    simulator.faults.next("lost-response")
    // One result: then core may choose the seed, by which the job is recognized.
    const seeded = drawTool("model_flux-1-dev", { mode: "txt2img", inputs: inputs({ numSamples: 1 }) })
    const { execution, answers } = await ask(1, 3.1, seeded, async (all) => {
      if (all.length > 0) await sleep(1_000)
      return all.length >= 9 || !isError(all.at(-1))
    })
    assert.isFalse(isError(answers.at(-1)), JSON.stringify(answers))
    assert.strictEqual(execution.status, "success")
  }, 120_000)

  it("pays again when agent 3.1 repeats a call that has succeeded", async () => {
    const { answers } = await ask(2, 3.1, drawTool("model_canvas-image-2"), (all) => all.length >= 2)
    const ids = answers.map((answer) => /job_\w+/.exec(answer)?.[0])
    assert.strictEqual(new Set(ids).size, 2)
  }, 60_000)

  it.each(agentVersions)(
    "pays once when n8n retries the tool of agent %d, although each try has a new run index",
    async (version) => {
      const { simulator } = world()
      simulator.planNextJob({ durationMs: 80_000 })
      const tool = drawTool(
        "model_canvas-image-2",
        { options: { timeoutMinutes: 0.03 } },
        { retryOnFail: true, maxTries: 5, waitBetweenTries: 100 },
      )
      const { answers } = await ask(1, version, tool)
      assert.isFalse(isError(answers.at(-1)), JSON.stringify(answers))
    },
    60_000,
  )

  it("pays once when n8n retries the tool of an MCP server", async () => {
    const { api, running, simulator } = world()
    const server: WorkflowNode = {
      id: "server",
      name: "Server",
      type: "@n8n/n8n-nodes-langchain.mcpTrigger",
      typeVersion: 2,
      position: [0, 0],
      parameters: { authentication: "none", path: "scenario-tests" },
    }
    const tool = drawTool(
      "model_canvas-image-2",
      { options: { timeoutMinutes: 0.03 } },
      { retryOnFail: true, maxTries: 5, waitBetweenTries: 100 },
    )
    const workflow = {
      ...makeWorkflow("mcp-server", [], tool),
      nodes: [{ ...server, webhookId: "scenario-tests" }, tool],
      connections: { Draw: { ai_tool: [[{ node: "Server", type: "ai_tool", index: 0 }]] } },
      pinData: {},
    }
    await api.activate(workflow)
    const client = await McpClient.connect(`${running.url}/mcp/scenario-tests`)
    assert.deepStrictEqual(await client.toolNames(), ["Draw"])
    simulator.planNextJob({ durationMs: 80_000 })
    const answer = await expectPaid(world(), 1, () => client.call("Draw", { prompt: "a fox in the snow" }))
    await api.deactivate(workflow)
    assert.isFalse(isError(answer), answer)
  }, 60_000)
}
