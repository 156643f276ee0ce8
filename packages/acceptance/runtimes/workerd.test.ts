import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bundleClient } from "./bundleClient.ts"
import { findBinary, whyMissing } from "./binaries.ts"

const binary = findBinary("workerd")

let simulator: Simulator
let folder: string
let worker: ChildProcess | undefined
let url: string

/** A scenario at the module level, as anyone would write it. */
const source = ({ apiKey, apiSecret, baseUrl }: Simulator) => `
import { createScenario } from "@scenario-automation/client"
const scenario = createScenario(${JSON.stringify({ apiKey, apiSecret, baseUrl })})
const request = { endpoint: "txt2img", inputs: { modelId: "model_flux-1-dev", prompt: "a red house" } }
export default {
  async fetch(incoming) {
    if (incoming.url.endsWith("/save")) {
      return scenario.save("asset_1", "pictures").then(
        () => new Response("saved"),
        (error) => Response.json({ tag: error._tag, message: error.message }),
      )
    }
    const { job, assets } = await scenario.generate(request)
    let bytes = 0
    for await (const chunk of scenario.download(assets[0])) bytes += chunk.length
    return Response.json({ jobId: job.jobId, bytes })
  },
}
`

const configuration = (port: number) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
      compatibilityDate = "2026-01-01",
      globalOutbound = "loopback")),
    (name = "loopback", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}

beforeAll(async () => {
  if (binary === undefined) return
  simulator = await startSimulator({ speed: 20 })
  folder = mkdtempSync(join(tmpdir(), "scenario-workerd-"))
  await bundleClient(folder, "worker", source(simulator))
  const port = await freePort()
  writeFileSync(join(folder, "config.capnp"), configuration(port))
  worker = spawn(binary, ["serve", "config.capnp"], { cwd: folder, stdio: "inherit" })
  url = `http://127.0.0.1:${port}`
})

afterAll(async () => {
  if (worker === undefined) return
  worker.kill()
  await once(worker, "exit")
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Workerd takes a moment to listen. */
const ask = async (path = ""): Promise<Response> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetch(url + path)
    } catch (error) {
      if (attempt >= 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

describe("a scenario at the module level of a Cloudflare Worker", () => {
  it("serves one request after another, and several at once", async (context) => {
    if (binary === undefined) return context.skip(whyMissing("workerd"))
    const responses = [await ask(), await ask(), ...(await Promise.all([ask(), ask(), ask()]))]
    for (const response of responses) {
      // A hung request is canceled by the runtime, with status 500.
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ jobId: expect.stringMatching(/^job_/) })
    }
    expect(simulator.ledger().paidJobs).toBe(5)
    return undefined
  })

  it("refuses to save files, because a Worker has no file system", async (context) => {
    if (binary === undefined) return context.skip(whyMissing("workerd"))
    const refusal = await (await ask("/save")).json()
    expect(refusal).toMatchObject({ tag: "InvalidInput", message: expect.stringContaining("file system") })
    return undefined
  })
})
