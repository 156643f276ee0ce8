import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { brotliDecompressSync } from "node:zlib"
import { type Browser, chromium, type Page } from "playwright-core"
import { bring } from "./bring.ts"
import { browserId, type N8nApi } from "./n8n/N8nApi.ts"

/** A Chromium that npm's registry has, so that no other server is needed. It runs on Linux with an x64 processor. */
const packageName = "@sparticuz/chromium"
const packageVersion = "153.0.0"

/** Debian's path, for machines on which the package doesn't run. */
const systemPath = "/usr/bin/chromium"

const findBrowser = (): string | undefined => {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined
  const nodeModules = bring(packageName, packageVersion, unpack)
  return nodeModules === undefined ? undefined : getExecutable(nodeModules)
}

const getExecutable = (nodeModules: string): string => join(nodeModules, packageName, "bin", "chromium")

const unpack = (folder: string): void => {
  const executable = getExecutable(join(folder, "node_modules"))
  writeFileSync(executable, brotliDecompressSync(readFileSync(`${executable}.br`)), { mode: 0o755 })
}

const executablePath = findBrowser() ?? systemPath

/** Ends test titles with the reason if there is no browser; else empty. */
export const whyNoBrowser = existsSync(executablePath)
  ? ""
  : `: ${packageName} could not be fetched, and there is no ${systemPath}`

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
