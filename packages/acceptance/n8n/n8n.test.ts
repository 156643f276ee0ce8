import { afterAll, beforeAll, describe } from "vitest"
import { isSkipped, openWorld, type World, whySkipped } from "./realN8n.ts"
import { account } from "./suites/account.ts"
import { apps } from "./suites/apps.ts"
import { asTool } from "./suites/agent.ts"
import { callbacks } from "./suites/callbacks.ts"
import { continuing } from "./suites/continuing.ts"
import { endings } from "./suites/endings.ts"
import { examples } from "./suites/examples.ts"
import { generating } from "./suites/generating.ts"
import { hostile } from "./suites/hostile.ts"
import { inBrowser } from "./suites/inBrowser.ts"
import { panel } from "./suites/panel.ts"
import { settings } from "./suites/settings.ts"
import { storing } from "./suites/storing.ts"

let world: World | undefined
const opened = (): World => {
  if (world === undefined) throw new Error("no n8n is running")
  return world
}

describe.skipIf(isSkipped)(`in a real n8n, the node${whySkipped}`, () => {
  beforeAll(async () => {
    world = await openWorld()
  }, 400_000)
  afterAll(() => world?.[Symbol.asyncDispose](), 30_000)

  inBrowser(opened)
  describe("shows a panel that", () => {
    panel(opened)
  })
  describe("as a tool", () => {
    asTool(opened)
  })
  describe("generates: it", () => {
    generating(opened)
  })
  describe("reads parameters: it", () => {
    settings(opened)
  })
  describe("continues on errors: it", () => {
    continuing(opened)
  })
  describe("with files on the disk: it", () => {
    storing(opened, "combined", /^filesystem-v2:/)
  })
  describe("manages the account: it", () => {
    account(opened)
  })
  describe("works with Apps: it", () => {
    apps(opened)
  })
  describe("has examples that", () => {
    examples(opened)
  })
  describe("with a relay: it", () => {
    callbacks(opened)
  })
  describe("with unusual responses of the API: it", () => {
    hostile(opened)
  })
  describe("succeeds, fails, and retries: it", () => {
    endings(opened)
  })
})
