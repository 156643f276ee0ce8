import { serve } from "@hono/node-server"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { describe, expect, it, vi } from "vitest"
import { cleanUp, eventually, findFreePort, getEnvironment, startRecipe, startWorld } from "./support.ts"

type World = Awaited<ReturnType<typeof startWorld>>

const token = "a-token-for-these-tests"
const signingSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`

describe.each(["relay-express", "relay-hono"])("%s", (recipe) => {
  it("pays once for repeated requests, and gets the picture from the relay", async () => {
    const { world, url } = await start(recipe)
    const first = await post(`${url}/pictures`, { orderId: "order-7", prompt: "a red house" })
    expect(first.status).toBe(202)
    const [id] = Object.values(await readJson(first))
    const again = await post(`${url}/pictures`, { orderId: "order-7", prompt: "a red house" })
    expect(Object.values(await readJson(again))).toEqual([id])

    const text = await eventually(async () => {
      const found = await (await fetch(`${url}/pictures/${String(id)}`)).text()
      expect(found).toContain('"assets"')
      return found
    })
    const [, asset = ""] = /"url":"([^"]+)"/.exec(text) ?? []
    expect((await fetch(asset)).headers.get("content-type")).toMatch(/^image\//)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("ignores a callback without the relay's signature", async () => {
    const { url } = await start(recipe)
    const body = { type: "wait.succeeded", data: { metadata: "order-7", jobs: [{ jobId: "order-7" }] } }
    expect((await post(`${url}/scenario`, body)).status).toBe(401)
    expect(await (await fetch(`${url}/pictures/order-7`)).text()).not.toContain("jobId")
  })
})

it("relay-nextjs saves the URLs of a callback, and refuses one without the relay's signature", async () => {
  const world = await startWorld()
  const port = await findFreePort()
  const relay = await startRelay(world)
  vi.stubEnv("RELAY_SIGNING_SECRET", signingSecret)
  cleanUp(() => void vi.unstubAllEnvs())
  const { POST } = await import("../relay-nextjs.ts")
  const server = serve({ fetch: POST, port })
  cleanUp(() => void server.close())
  const saved = vi.spyOn(console, "log").mockImplementation(() => {})
  cleanUp(() => saved.mockRestore())

  const callbackUrl = `http://localhost:${port}/api/scenario`
  const asked = await post(
    `${relay}/v1/generations`,
    {
      accountId: "default",
      generation: { model: "model_bfl-flux-1-dev", inputs: { prompt: "a red house" } },
      idempotencyKey: "order-7",
      metadata: "order-7",
      callbackUrl,
      include: ["assets"],
    },
    { authorization: `Bearer ${token}` },
  )
  expect(asked.status).toBe(200)
  await eventually(() => expect(saved).toHaveBeenCalledWith("order-7", expect.stringContaining("http://")))

  expect((await post(callbackUrl, {})).status).toBe(401)
  expect(saved).toHaveBeenCalledTimes(1)
})

/** A recipe as a process, with a relay and a simulator. */
const start = async (recipe: string): Promise<{ readonly world: World; readonly url: string }> => {
  const world = await startWorld()
  const port = await findFreePort()
  const url = `http://localhost:${port}`
  const server = startRecipe(world, recipe, [], {
    PORT: String(port),
    PUBLIC_URL: url,
    RELAY_URL: await startRelay(world),
    RELAY_TOKEN: token,
    RELAY_SIGNING_SECRET: signingSecret,
  })
  cleanUp(() => void server.kill())
  await eventually(() => fetch(url))
  return { world, url }
}

const startRelay = async (world: World): Promise<string> => {
  const port = await findFreePort()
  const main = join(fileURLToPath(import.meta.resolve("@scenario-automation/relay")), "../main.ts")
  const relay = spawn(process.execPath, [main], {
    cwd: world.folder,
    env: {
      PATH: process.env["PATH"],
      ...getEnvironment(world),
      RELAY_PORT: String(port),
      RELAY_TOKENS: token,
      RELAY_SIGNING_SECRETS: signingSecret,
      RELAY_ENCRYPTION_KEYS: Buffer.alloc(32, 8).toString("base64"),
      RELAY_ALLOWED_HOSTS: "localhost",
    },
    stdio: ["ignore", "ignore", "inherit"],
  })
  cleanUp(async () => {
    relay.kill()
    await once(relay, "exit")
  })
  const url = `http://127.0.0.1:${port}`
  await eventually(() => fetch(`${url}/readyz`))
  return url
}

const post = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "idempotency-key": "order-7", ...headers },
  })

const readJson = async (response: Response): Promise<Record<string, unknown>> =>
  JSON.parse(await response.text())
