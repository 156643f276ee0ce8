import { build } from "esbuild"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import process from "node:process"
import { fileURLToPath, pathToFileURL } from "node:url"
import { describe, expect, it, vi } from "vitest"
import type * as lambda from "../aws-lambda.ts"
import { cleanUp, eventually, findFreePort, getEnvironment, startRecipe, startWorld } from "./support.ts"

type World = Awaited<ReturnType<typeof startWorld>>

describe("hono-server", () => {
  const start = async (world: World): Promise<string> => {
    const port = await findFreePort()
    const server = startRecipe(world, "hono-server", [], { PORT: String(port) })
    cleanUp(() => void server.kill())
    const url = `http://localhost:${port}`
    await eventually(() => fetch(url))
    return url
  }

  const post = (url: string, body: object, key: string): Promise<Response> =>
    fetch(`${url}/pictures`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "idempotency-key": key },
    })

  it("pays once for repeated requests, and has the picture after a restart", async () => {
    const world = await startWorld()
    const url = await start(world)
    const first = await post(url, { prompt: "a red house" }, "order-7")
    expect(first.status).toBe(202)
    const { jobId } = await readJson(first)
    expect(jobId).toMatch(/^job_/)
    expect(await readJson(await post(url, { prompt: "a red house" }, "order-7"))).toEqual({ jobId })

    const restarted = await start(world)
    const urls = await eventually(async () => {
      const answer = await readJson(await fetch(`${restarted}/pictures/${String(jobId)}`))
      expect(answer).toMatchObject({ status: "success" })
      return answer["urls"]
    })
    expect(urls).toHaveLength(1)
    expect((await fetch(String(urls))).status).toBe(200)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("answers 400 to a wrong input, and pays nothing", async () => {
    const world = await startWorld()
    const refused = await post(await start(world), {}, "order-8")
    expect(refused.status).toBe(400)
    expect(await readJson(refused)).toMatchObject({ message: expect.stringContaining("prompt") })
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })
})

describe("nextjs-route", () => {
  const url = "http://localhost/api/pictures"

  const submit = async ({
    POST,
  }: {
    readonly POST: (request: Request) => Promise<Response>
  }): Promise<string> => {
    const body = new URLSearchParams({ prompt: "a red house", key: "click-1" })
    const response = await POST(new Request(url, { method: "POST", body }))
    return String((await readJson(response))["jobId"])
  }

  it("pays once for a repeated POST, and streams progress and URLs", async () => {
    const world = await startWorld()
    const route = await importRecipe(world, () => import("../nextjs-route.ts"))
    const jobId = await submit(route)
    expect(await submit(route)).toBe(jobId)

    const response = route.GET(new Request(`${url}?job=${jobId}`))
    expect(response.headers.get("content-type")).toBe("text/event-stream")
    const events = (await response.text()).trim().split("\n\n")
    expect(events[0]).toMatch(/^event: progress\ndata: \{"status":/)
    const [, urls = ""] = /^event: done\ndata: (.*)$/.exec(events.at(-1) ?? "") ?? []
    expect((await fetch(JSON.parse(urls).urls[0])).status).toBe(200)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("ends the wait when the browser leaves, and not the job", async () => {
    const world = await startWorld()
    world.simulator.planNextJob({ durationMs: 200_000 })
    const route = await importRecipe(world, () => import("../nextjs-route.ts"))
    const jobId = await submit(route)
    const browser = new AbortController()
    const response = route.GET(new Request(`${url}?job=${jobId}`, { signal: browser.signal }))
    const events = response.text()
    const isPolled = () => world.simulator.requests().some(({ path }) => path.includes(jobId))
    await eventually(() => expect(isPolled()).toBe(true))
    browser.abort()
    expect(await events).toContain("event: failed")
    expect(world.simulator.jobs()[0]?.["status"]).not.toBe("success")

    const again = await route.GET(new Request(`${url}?job=${jobId}`)).text()
    expect(again).toContain("event: done")
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("reports a failure as an event", async () => {
    const world = await startWorld()
    world.simulator.planNextJob({ outcome: "failure", error: "Out of paint" })
    const route = await importRecipe(world, () => import("../nextjs-route.ts"))
    const response = route.GET(new Request(`${url}?job=${await submit(route)}`))
    expect(await response.text()).toMatch(/event: failed\ndata: \{"message":".*Out of paint/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("aws-lambda", () => {
  it("resumes the job of an order after a function that ran out of time, and pays once", async () => {
    const world = await startWorld()
    world.simulator.planNextJob({ durationMs: 400_000 })
    const order = { orderId: "7", prompt: "a red house" }

    const load = await bundleLambda(world)
    const first = await load()
    await expect(first.handler(order, { getRemainingTimeInMillis: () => 15_000 })).rejects.toMatchObject({
      _tag: "WaitTimedOut",
    })
    const second = await load()
    const result = await second.handler(order, { getRemainingTimeInMillis: () => 60_000 })

    const [entry] = world.simulator.ledger().entries
    expect(result).toMatchObject({ orderId: "7", jobId: entry?.jobId, cost: entry?.price })
    expect((await fetch(result.urls[0] ?? "")).status).toBe(200)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("cloudflare-worker", () => {
  it("answers prompts with pictures, in workerd", async (context) => {
    const workerd = findWorkerd()
    if (workerd === undefined) return context.skip("skipped: workerd isn't installed on this machine")
    const world = await startWorld()
    const url = await startWorker(workerd, world)
    const paint = () => fetch(url, { method: "POST", body: "a red house" })
    for (const response of [await eventually(paint), ...(await Promise.all([paint(), paint()]))]) {
      expect(response.status).toBe(200)
      expect(response.headers.get("content-type")).toBe("image/png")
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(bytes.toString("latin1", 1, 4)).toBe("PNG")
    }
    expect(world.simulator.ledger().paidJobs).toBe(3)

    expect((await fetch(url)).status).toBe(405)
    expect((await fetch(url, { method: "POST", body: "" })).status).toBe(400)
    expect(world.simulator.ledger().paidJobs).toBe(3)
    return undefined
  })
})

const readJson = async (response: Response): Promise<Record<string, unknown>> =>
  JSON.parse(await response.text())

/** Imports a recipe again, as a new process would, with the simulator's variables in the environment. */
const importRecipe = async <T>(world: World, load: () => Promise<T>): Promise<T> => {
  for (const [name, value] of Object.entries(getEnvironment(world))) vi.stubEnv(name, value)
  cleanUp(() => void vi.unstubAllEnvs())
  vi.resetModules()
  return load()
}

type Lambda = Pick<typeof lambda, "handler">

/** Bundles the function as its first comment says. Each import is a new instance, as on Lambda. */
const bundleLambda = async (world: World): Promise<() => Promise<Lambda>> => {
  const outfile = join(world.folder, "index.mjs")
  await build({
    entryPoints: [fileURLToPath(new URL("../aws-lambda.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "silent",
  })
  let instances = 0
  return () => {
    const url = `${pathToFileURL(outfile).href}?${++instances}`
    return importRecipe(world, (): Promise<Lambda> => import(/* @vite-ignore */ url))
  }
}

/** The program itself; `undefined` if npm has none for this platform. */
const findWorkerd = (): string | undefined => {
  const { platform, arch } = process
  const name = `@cloudflare/workerd-${platform}-${arch === "x64" ? "64" : arch}`
  try {
    const require = createRequire(import.meta.resolve("workerd/package.json"))
    return join(dirname(require.resolve(`${name}/package.json`)), "bin/workerd")
  } catch {
    return undefined
  }
}

const startWorker = async (workerd: string, world: World): Promise<string> => {
  const port = await findFreePort()
  await build({
    entryPoints: [fileURLToPath(new URL("../cloudflare-worker.ts", import.meta.url))],
    outfile: join(world.folder, "worker.mjs"),
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    logLevel: "silent",
  })
  const bindings = Object.entries(getEnvironment(world)).map(
    ([name, text]) => `(name = "${name}", text = "${text}")`,
  )
  writeFileSync(
    join(world.folder, "config.capnp"),
    `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
      bindings = [${bindings.join(", ")}],
      compatibilityDate = "2026-01-01",
      globalOutbound = "loopback")),
    (name = "loopback", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  )
  const worker = spawn(workerd, ["serve", "config.capnp"], { cwd: world.folder, stdio: "inherit" })
  cleanUp(async () => {
    worker.kill()
    await once(worker, "exit")
  })
  return `http://127.0.0.1:${port}`
}
