import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Browser, Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { launchBrowser, whyNoBrowser } from "../browser.ts"

const main = fileURLToPath(new URL("../../demo/src/main.ts", import.meta.url))

describe.skipIf(whyNoBrowser !== "")(`the demo's page in a browser, from its file${whyNoBrowser}`, () => {
  let out: string
  let browser: Browser
  let page: Page
  const asked: Array<string> = []
  const complaints: Array<string> = []

  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), "scenario-gallery-"))
    const child = spawn(process.execPath, [main, "--out", out, "--speed", "40"], { stdio: "ignore" })
    assert.deepStrictEqual(await once(child, "close"), [0, null])
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 390, height: 800 } })
    page.on("request", (request) => asked.push(request.url()))
    page.on("console", (message) => complaints.push(message.text()))
    await page.goto(pathToFileURL(join(out, "index.html")).href, { waitUntil: "load" })
  }, 120_000)

  afterAll(async () => {
    await browser.close()
    rmSync(out, { recursive: true, force: true })
  })

  it("shows every picture, and plays sound and video", async () => {
    const widths = await page.evaluate(`Promise.all(
      [...document.images].map(async (picture) => {
        await picture.decode()
        return picture.naturalWidth > 0
      }),
    )`)
    assert.deepStrictEqual(
      widths,
      Array.from({ length: 7 }, () => true),
    )

    for (const element of ["audio", "video"]) {
      const played = await page.evaluate(`(async () => {
        const media = document.querySelector("${element}")
        media.muted = true
        await media.play()
        await new Promise((resolve) => media.addEventListener("timeupdate", resolve))
        return { isLong: media.duration > 1, isRunning: media.currentTime > 0, error: media.error }
      })()`)
      assert.deepStrictEqual(played, { isLong: true, isRunning: true, error: null }, element)
    }
  })

  it("turns a 3D model by the keyboard and by the pointer", async () => {
    const readTurn = () =>
      page.evaluate(`getComputedStyle(document.querySelector(".turntable img")).transform`)
    const before = await readTurn()
    await page.locator(".turntable input:checked").focus()
    await page.keyboard.press("ArrowRight")
    const byKey = await readTurn()
    assert.notStrictEqual(byKey, before)
    await page.locator(".turntable label").first().hover()
    assert.notStrictEqual(await readTurn(), byKey)
  })

  it("fits a narrow screen", async () => {
    assert.strictEqual(await page.evaluate("document.documentElement.scrollWidth"), 390)
  })

  it("asks for no address but its own files, and breaks none of its own policy", () => {
    for (const url of asked) assert.match(url, /^(file|data):/)
    assert.deepStrictEqual(complaints, [])
  })
})
