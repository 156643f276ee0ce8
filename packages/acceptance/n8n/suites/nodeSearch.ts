import type { Browser, Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { launchBrowser, openPage, whyNoBrowser } from "../browser.ts"
import type { World } from "../realN8n.ts"

const byTestId = (id: string): string => `[data-test-id="${id}"]`

/** What a person finds by typing into n8n's own search box for nodes. */
export const nodeSearch = (world: () => World): void => {
  describe.skipIf(whyNoBrowser !== "")(`can be found by typing${whyNoBrowser}: n8n's node search`, () => {
    let browser: Browser | undefined
    let page: Page | undefined
    const opened = (): Page => {
      if (page === undefined) throw new Error("no page is open")
      return page
    }
    beforeAll(async () => {
      browser = await launchBrowser()
      page = await openPage(browser, world().api)
      await page.goto(`${world().running.url}/workflow/new`)
      await page.locator(byTestId("canvas-add-button")).waitFor()
    }, 120_000)
    afterAll(() => browser?.close(), 30_000)

    /** Opens the list of nodes, types, and returns the names and descriptions that it shows. */
    const search = async (text: string) => {
      const list = opened().locator(byTestId("node-creator"))
      if (!(await list.isVisible())) await opened().keyboard.press("Tab")
      const box = opened().locator(byTestId("node-creator-search-bar"))
      await box.fill("")
      await box.pressSequentially(text)
      await opened().waitForTimeout(1_000)
      const [names, descriptions] = await Promise.all(
        ["node-creator-item-name", "node-creator-item-description"].map((id) =>
          list.locator(byTestId(id)).allInnerTexts(),
        ),
      )
      return { names: names ?? [], descriptions: descriptions ?? [] }
    }

    it.each(["scenario", "generate image", "image generation"])(
      "shows the node for %j",
      async (text) => {
        const { names, descriptions } = await search(text)
        assert.include(names, "Scenario")
        assert.include(descriptions, "Generate images, video, audio, 3D models and text with Scenario")
      },
      60_000,
    )

    it("lists a generation as the node's first action, and both triggers", async () => {
      await search("scenario")
      const list = opened().locator(byTestId("node-creator"))
      await list
        .locator(byTestId("node-creator-item-name"))
        .getByText("Scenario", { exact: true })
        .first()
        .click()
      await opened().waitForTimeout(1_500)
      const actions = await list.locator(byTestId("node-creator-item-name")).allInnerTexts()
      assert.isAtLeast(actions.length, 40)
      const first = actions.find((action) => !/^On /.test(action))
      assert.match(first ?? "", /generat/i)
    }, 60_000)
  })
}
