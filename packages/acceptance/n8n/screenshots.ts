// Takes the screenshots of the node's README: `node n8n/screenshots.ts`. Needs Debian's chromium.
import { startSimulator } from "@scenario-automation/simulator"
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { launchBrowser, openPage } from "../browser.ts"
import { installN8n } from "./installN8n.ts"
import { N8n } from "./N8n.ts"
import { N8nApi } from "./N8nApi.ts"
import { buildNode, nodePackage } from "./packNode.ts"
import { startRelay } from "./Relay.ts"
import { inputs, scenarioNode, makeWorkflow, type Workflow } from "./Workflow.ts"

const rows = [
  "a red house by the sea, gouache",
  "a fishing boat at dawn, gouache",
  "a market under striped awnings, gouache",
]

const model = {
  __rl: true,
  mode: "list",
  value: "model_openai-gpt-image-2",
  cachedResultName: "GPT Image 2",
}

/** A node with its form as the panel saves it. */
const drawing = async (
  api: N8nApi,
  prompt: string,
  given: Readonly<Record<string, unknown>>,
  options: object,
) => {
  const parameters = { resource: "generation", operation: "generate", modelId: model, mode: "" }
  const { fields } = await api.panel<{
    readonly fields: ReadonlyArray<{ readonly id: string; readonly removed?: boolean }>
  }>("resource-mapper-fields", "getInputs", parameters)
  const schema = fields.map((field) => ({
    ...field,
    removed: field.removed === true && !(field.id in given),
  }))
  return scenarioNode({ ...parameters, prompt, inputs: { ...inputs(given), schema }, options })
}

const openNode = async (page: Page, url: string): Promise<void> => {
  await page.goto(url)
  await page.waitForSelector('[data-test-id="canvas-node"]')
  await page.waitForTimeout(1_000)
  await page.locator('[data-test-id="canvas-node"]').last().dblclick()
  await page.waitForTimeout(3_000)
}

const executeStep = async (page: Page): Promise<void> => {
  await page.locator('[data-test-id="node-execute-button"]').first().click()
  await page.waitForTimeout(10_000)
}

const take = async (): Promise<void> => {
  const installed = installN8n()
  if ("missing" in installed) throw new Error(installed.missing)
  await using simulator = await startSimulator({ speed: 20 })
  await using relay = await startRelay(simulator.baseUrl)
  await buildNode()
  const n8n = await N8n.prepare(installed.folder)
  const browser = await launchBrowser()
  try {
    await using running = await n8n.start()
    const api = await N8nApi.login(running.url, installed.folder)
    const { apiKey, apiSecret, baseUrl } = simulator
    await api.addCredential("scenarioApi", { apiKey, apiSecret, baseUrl, projectId: "" })
    const page = await openPage(browser, api)
    const folder = join(nodePackage, "screenshots")
    mkdirSync(folder, { recursive: true })
    const shoot = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) })

    const files = makeWorkflow(
      "files",
      rows.map((prompt) => ({ json: { prompt } })),
      await drawing(
        api,
        "={{ $json.prompt }}",
        { quality: "high", width: 1536 },
        { output: "file", fileName: "{prompt}" },
      ),
    )
    await api.save(api.withCredentials(files))
    await openNode(page, `${running.url}/workflow/${files.id}`)
    await shoot("panel")
    await executeStep(page)
    const output = page.locator('[data-test-id="output-panel"]')
    await output.getByText("Binary", { exact: true }).first().click()
    await page.waitForTimeout(1_000)
    await output.getByText("View", { exact: true }).first().click()
    await page.waitForTimeout(2_000)
    await shoot("result")

    await page.goto(`${running.url}/workflow/new`)
    await page.locator('[data-test-id="node-creator-plus-button"]').click()
    await page.locator('[data-test-id="node-creator-search-bar"]').pressSequentially("scenario")
    await page
      .locator('[data-test-id="node-creator-item-name"]')
      .getByText("Scenario", { exact: true })
      .first()
      .click()
    await page.locator('[data-test-id="node-creator-category-item"]').getByText("Actions (").click()
    await page.waitForTimeout(1_000)
    await shoot("actions")

    const wrong = makeWorkflow(
      "error",
      [{ json: { prompt: "a house" } }],
      await drawing(api, "a red house", { numOutputs: 40 }, {}),
    )
    await api.save(api.withCredentials(wrong))
    await openNode(page, `${running.url}/workflow/${wrong.id}`)
    await executeStep(page)
    await shoot("error")

    await api.addCredential("scenarioRelayApi", { url: relay.url, token: relay.token, accountId: "" })
    const example = join(nodePackage, "examples/long-generations-without-a-worker.json")
    const long: Workflow = {
      ...JSON.parse(readFileSync(example, "utf8")),
      id: "long-generations",
      active: false,
    }
    await api.save(api.withCredentials(long))
    await page.goto(`${running.url}/workflow/${long.id}`)
    await page.getByRole("button", { name: "Execute workflow" }).last().click({ force: true })
    await page.waitForTimeout(4_000)
    await shoot("suspended")
  } finally {
    await browser.close()
    n8n.remove()
  }
}

await take()
