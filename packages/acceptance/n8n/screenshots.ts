// Takes the pictures of the node's README: `node n8n/screenshots.ts`. Needs Debian's chromium.
import { startSimulator } from "@scenario-automation/simulator"
import { join } from "node:path"
import { chromium, type Page } from "playwright-core"
import { installN8n } from "./installN8n.ts"
import { N8n } from "./N8n.ts"
import { browserId, N8nApi } from "./N8nApi.ts"
import { nodePackage, packNode } from "./packNode.ts"
import { inputs, scenarioNode, type Workflow, workflowOf } from "./Workflow.ts"

const rows = [
  "a red house by the sea, gouache",
  "a fishing boat at dawn, gouache",
  "a market under striped awnings",
]

const draw = (
  options: object,
  given: object = { prompt: "={{ $json.prompt }}", quality: "high" },
  modelId = "model_canvas-image-2",
) =>
  scenarioNode({
    resource: "generation",
    operation: "generate",
    modelId: { __rl: true, mode: "list", value: modelId, cachedResultName: "Canvas Image 2" },
    mode: "",
    inputs: inputs({ ...given }),
    options,
  })

const pictures: ReadonlyArray<{ readonly name: string; readonly workflow: Workflow; readonly tab?: string }> =
  [
    {
      name: "files",
      workflow: workflowOf(
        "files",
        rows.map((prompt) => ({ json: { prompt } })),
        draw({ itemFor: "asset", fileName: "{prompt}" }),
      ),
      tab: "Binary",
    },
    {
      name: "error",
      workflow: workflowOf(
        "error",
        [{ json: { prompt: "a house" } }],
        draw({}, { prompt: "a house", numOutputs: 40 }),
      ),
    },
    {
      name: "upscale",
      workflow: workflowOf(
        "upscale",
        [{ json: {} }],
        scenarioNode({
          resource: "image",
          operation: "upscale",
          inputs: inputs({ image: "data" }),
          options: {},
        }),
      ),
    },
  ]

const openNode = async (page: Page, url: string): Promise<void> => {
  await page.goto(url)
  await page.waitForSelector('[data-test-id="canvas-node"]')
  await page.waitForTimeout(1_000)
  await page.locator('[data-test-id="canvas-node"]').last().dblclick()
  await page.waitForSelector('[data-test-id="ndv"], [data-test-id="parameter-input"]')
  await page.waitForTimeout(2_500)
}

const take = async (): Promise<void> => {
  const installed = await installN8n(console.log)
  if ("missing" in installed) throw new Error(installed.missing)
  await using simulator = await startSimulator({ speed: 20 })
  const n8n = await N8n.prepare(installed.folder, await packNode())
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] })
  try {
    await using running = await n8n.start()
    const api = await N8nApi.login(running.url, installed.folder)
    const { apiKey, apiSecret, baseUrl } = simulator
    await api.addCredential("scenarioApi", { apiKey, apiSecret, baseUrl, projectId: "" })
    const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, deviceScaleFactor: 1 })
    await context.addCookies(
      api.cookie.split("; ").map((cookie) => {
        const [name = "", value = ""] = cookie.split("=")
        return { name, value, domain: "127.0.0.1", path: "/" }
      }),
    )
    // n8n ties a login to the browser that it was made in.
    await context.addInitScript(`localStorage.setItem("n8n-browserId", ${JSON.stringify(browserId)})`)
    const page = await context.newPage()
    const shoot = (name: string) => page.screenshot({ path: join(nodePackage, "screenshots", `${name}.png`) })
    const fresh = workflowOf(
      "fresh",
      [{ json: { prompt: rows[0] } }],
      scenarioNode({ resource: "generation", operation: "generate" }),
    )
    await api.save(api.withCredentials(fresh))
    await openNode(page, `${running.url}/workflow/${fresh.id}`)
    await shoot("fresh")
    const choose = async (model: string) => {
      await page.locator('[data-test-id="rlc-input"]').first().click()
      await page.waitForTimeout(1_500)
      await shoot(`list-${model.replaceAll(" ", "-")}`)
      await page.locator('[data-test-id="rlc-item"]').getByText(model, { exact: true }).click()
      await page.waitForTimeout(3_000)
    }
    await choose("Reel")
    await shoot("chosen-reel")
    await choose("Canvas Image 2")
    await shoot("chosen")
    await choose("Flux.1 Dev")
    await shoot("chosen-flux")
    for (const { name, workflow, tab } of pictures) {
      await api.save(api.withCredentials(workflow))
      await openNode(page, `${running.url}/workflow/${workflow.id}`)
      await shoot(`${name}-panel`)
      const execute = page.locator('[data-test-id="node-execute-button"]').first()
      await execute.click()
      await page.waitForTimeout(6_000)
      if (tab !== undefined) {
        await page.locator('[data-test-id="output-panel"]').getByText(tab, { exact: true }).first().click()
        await page.waitForTimeout(1_500)
      }
      await shoot(name)
    }
  } finally {
    await browser.close()
    n8n.remove()
  }
}

await take()
