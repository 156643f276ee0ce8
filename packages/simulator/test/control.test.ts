import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { isJsonObject } from "../src/json.ts"
import { startSimulator, simulatedApiKey, simulatedApiSecret } from "../src/index.ts"
import { at, makeClient, redHouse, startStepped, textAt } from "./client.ts"

describe("the controls over HTTP", () => {
  const controls = (controlUrl: string) => async (method: string, path: string, body?: object) => {
    const response = await fetch(`${controlUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const json: unknown = await response.json()
    if (!isJsonObject(json)) throw new Error(`${path} answered ${JSON.stringify(json)}`)
    return { status: response.status, body: json }
  }

  test("plan, advance, arm, and report like those in code", async () => {
    await using world = await startStepped()
    const control = controls(world.simulator.controlUrl)
    await control("POST", "/plan", { durationMs: 500, outcome: "failure", error: "no" })
    await control("POST", "/faults", { name: "lost-response-then-5xx", status: 504 })
    await fetch(`${world.simulator.baseUrl}/generate/txt2img`, {
      method: "POST",
      headers: {
        authorization: `Basic ${btoa(`${simulatedApiKey}:${simulatedApiSecret}`)}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(redHouse),
    })
    expect((await control("POST", "/advance", { ms: 500 })).body).toEqual({ now: world.simulator.now() })
    expect(at((await control("GET", "/jobs")).body, "jobs", 0)).toMatchObject({
      status: "failure",
      metadata: { error: "no" },
    })
    expect((await control("GET", "/ledger")).body).toMatchObject({ paidJobs: 1 })
    expect((await control("GET", "/requests")).body["requests"]).toMatchObject([
      { status: 504, fault: "lost-response-then-5xx" },
    ])
    expect((await control("GET", "/violations")).body).toEqual({ violations: [] })
    const jobId = textAt((await control("POST", "/jobs", { jobType: "upload" })).body, "jobId")
    expect((await world.get(`/jobs/${jobId}`)).status).toBe(200)
    const assetId = textAt(
      (await control("POST", "/assets", { kind: "text", base64: btoa("hello") })).body,
      "assetId",
    )
    expect(at((await world.get(`/assets/${assetId}`)).body, "asset", "properties", "preview")).toBe("hello")
    await control("POST", "/reset")
    expect(world.simulator.jobs()).toEqual([])
    expect(world.simulator.requests()).toEqual([])
  })

  test.each([
    ["POST", "/faults", { name: "server-error", times: "two" }, '"times" must be a number'],
    ["POST", "/plan", { durationMs: "long" }, '"durationMs" must be a number'],
    ["POST", "/plan", { outcome: "explosion" }, '"outcome" must be one of [success, failure, canceled]'],
    ["POST", "/plan", { colour: "red" }, '"colour" is unknown'],
    ["POST", "/advance", {}, '"ms" must be a number'],
  ])("refuse a wrong body: %s %s %j", async (method, path, body, message) => {
    await using world = await startStepped()
    const reply = await controls(world.simulator.controlUrl)(method, path, body)
    expect(reply.status).toBe(400)
    expect(reply.body["message"]).toContain(message)
  })

  test("list their names if the name is unknown", async () => {
    await using world = await startStepped()
    const reply = await controls(world.simulator.controlUrl)("GET", "/everything")
    expect(reply.status).toBe(404)
    expect(reply.body["message"]).toContain("GET /ledger")
  })
})

describe("time", () => {
  test("runs faster than real time with speed", async () => {
    await using simulator = await startSimulator({ clock: "real", speed: 1000 })
    const { post, get } = makeClient(simulator)
    simulator.planNextJob({ durationMs: 20_000 })
    const { body } = await post("/generate/txt2img", redHouse)
    const path = `/jobs/${textAt(body, "job", "jobId")}`
    await expect.poll(async () => at((await get(path)).body, "job", "status")).toBe("success")
    await expect(simulator.advance(1)).rejects.toThrow('advance() needs clock: "stepped"')
  })

  test("and everything else is the same for the same seed", async () => {
    const story = async (seed: number) => {
      await using world = await startStepped({ seed })
      await world.post("/generate/txt2img", redHouse)
      await world.simulator.advance(300_000)
      return JSON.stringify([world.simulator.jobs(), world.simulator.ledger()])
    }
    expect(await story(3)).toBe(await story(3))
    expect(await story(3)).not.toBe(await story(4))
  })
})

describe("the command line", () => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

  test("prints the settings for a client, and stops on SIGTERM", async () => {
    const child = spawn(process.execPath, [main, "--port", "0", "--cdn-port", "0", "--speed", "20"])
    const [output] = await once(child.stdout, "data")
    expect(String(output)).toMatch(/^export SCENARIO_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/v1$/m)
    expect(String(output)).toContain(simulatedApiSecret)
    child.kill("SIGTERM")
    expect((await once(child, "exit"))[0]).toBe(0)
  })

  test.each([
    [["--port", "many"], '--port takes a number from 0 to 65535, not "many".'],
    [["--colour", "red"], "--colour"],
  ])("prints what is wrong with %j, and exits with 2", async (args, message) => {
    const child = spawn(process.execPath, [main, ...args])
    const problem = once(child.stderr, "data")
    const [code] = await once(child, "exit")
    expect([code, String((await problem)[0])]).toEqual([2, expect.stringContaining(message)])
  })
})
