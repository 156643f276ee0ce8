import { existsSync } from "node:fs"
import { type Browser, chromium, type Page } from "playwright-core"
import { browserId, type N8nApi } from "./N8nApi.ts"

/** Debian's path. */
const executablePath = "/usr/bin/chromium"

/** Ends test titles with the reason if there is no browser; else empty. */
export const whyNoBrowser = existsSync(executablePath) ? "" : `: there is no ${executablePath}`

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ["--no-sandbox"] })

/** A page in which the owner of an n8n is signed in. */
export const openPage = async (browser: Browser, api: N8nApi): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 800 } })
  await context.addCookies(
    api.cookie.split("; ").map((cookie) => {
      const [name = "", value = ""] = cookie.split("=")
      return { name, value, domain: "127.0.0.1", path: "/" }
    }),
  )
  // n8n ties a login to a browser ID.
  await context.addInitScript(`localStorage.setItem("n8n-browserId", ${JSON.stringify(browserId)})`)
  const page = await context.newPage()
  // n8n's editor loads a thousand files.
  page.setDefaultNavigationTimeout(120_000)
  return page
}
