import type { Browser, Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { launchBrowser, openPage, whyNoBrowser } from "../../browser.ts"
import type { World } from "../realN8n.ts"
import { inputs, scenarioNode, makeWorkflow } from "../Workflow.ts"

const byTestId = (id: string): string => `[data-test-id="${id}"]`

/** The node in n8n's editor. */
export const inBrowser = (world: () => World): void => {
  describe.skipIf(whyNoBrowser !== "")(`in a browser${whyNoBrowser}, n8n`, () => {
    let browser: Browser | undefined
    let page: Page | undefined
    const opened = (): Page => {
      if (page === undefined) throw new Error("no page is open")
      return page
    }
    const names = () => opened().locator(byTestId("node-creator-item-name"))

    beforeAll(async () => {
      browser = await launchBrowser()
      page = await openPage(browser, world().api)
      await page.goto(`${world().running.url}/workflow/new`)
      await page.locator(byTestId("node-creator-plus-button")).click()
    }, 180_000)
    afterAll(() => browser?.close(), 30_000)

    /** Types into the search box for nodes. */
    const search = async (text: string) => {
      const box = opened().locator(byTestId("node-creator-search-bar"))
      await box.fill("")
      await box.pressSequentially(text)
      await names().getByText("Scenario", { exact: true }).first().waitFor()
    }

    it.each(["scenario", "generate image", "image generation"])(
      "finds the node when %j is typed into the search box for nodes",
      async (text) => {
        await search(text)
        const descriptions = await opened().locator(byTestId("node-creator-item-description")).allInnerTexts()
        assert.include(descriptions, "Generate images, video, audio, 3D models and text with Scenario")
      },
      60_000,
    )

    it("lists a generation as the node's first action, and both triggers", async () => {
      await search("scenario")
      await names().getByText("Scenario", { exact: true }).first().click()
      await opened().locator(byTestId("node-creator-category-item")).getByText("Actions (").click()
      await names().getByText("Run a workflow").waitFor()
      const all = await names().allInnerTexts()
      assert.includeMembers(all, ["On generation finished", "On new asset"])
      const [first, ...others] = all.filter((name) => !name.startsWith("On "))
      assert.strictEqual(first, "Generate with a model")
      assert.isAtLeast(others.length, 40)
    }, 60_000)

    it("hides a node in the category AI that lacks the subcategory Root Nodes", async () => {
      if (browser === undefined) throw new Error("no browser is open")
      const other = await openPage(browser, world().api)
      await other.route("**/types/nodes.json*", async (route) => {
        const response = await route.fetch()
        const types: ReadonlyArray<{ readonly name: string; readonly codex?: object }> = await response.json()
        const hidden = types.map((type) =>
          /n8n-nodes-scenario\.scenario(Trigger)?$/.test(type.name)
            ? { ...type, codex: { ...type.codex, categories: ["AI"], subcategories: { AI: ["Tools"] } } }
            : type,
        )
        await route.fulfill({ response, json: hidden })
      })
      await other.goto(`${world().running.url}/workflow/new`)
      await other.locator(byTestId("node-creator-plus-button")).click()
      await other.locator(byTestId("node-creator-search-bar")).pressSequentially("scenario")
      await other.locator(byTestId("node-creator-no-results")).waitFor()
      assert.deepStrictEqual(await other.locator(byTestId("node-creator-item-name")).allInnerTexts(), [])
      await other.close()
    }, 120_000)

    it("keeps the prompt when another model is selected, and empties the form of inputs", async () => {
      const { api, running } = world()
      const model = {
        __rl: true,
        mode: "list",
        value: "model_canvas-image-2",
        cachedResultName: "Canvas Image 2",
      }
      const schema = [
        {
          id: "width",
          displayName: "Width",
          required: false,
          defaultMatch: false,
          canBeUsedToMatch: false,
          display: true,
          removed: false,
          type: "number",
        },
      ]
      const node = scenarioNode({
        resource: "generation",
        operation: "generate",
        modelId: model,
        mode: "",
        prompt: "a red house",
        inputs: { ...inputs({ width: 512 }), schema },
      })
      const workflow = makeWorkflow("panel", [{ json: {} }], node)
      await api.save(api.withCredentials(workflow))
      await opened().goto(`${running.url}/workflow/${workflow.id}`)
      await opened().locator(byTestId("canvas-node")).last().dblclick()
      const width = opened().getByText("Width", { exact: false }).first()
      await width.waitFor()
      await opened()
        .locator(`${byTestId("resource-locator-modelId")} input`)
        .last()
        .click()
      await opened().getByText("Reel", { exact: true }).first().click()
      await width.waitFor({ state: "detached" })
      const prompt = opened().locator(`${byTestId("parameter-input-prompt")} textarea`)
      assert.strictEqual(await prompt.inputValue(), "a red house")
    }, 120_000)
  })
}
