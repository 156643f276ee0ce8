import { describe, expect, test } from "vitest"
import { faultNames, type FaultName } from "../src/index.ts"
import { at, canvasImage, makeClient, listAt, redHouse, startStepped, textAt } from "./client.ts"

const submit = "/generate/txt2img"

/** The name of the error with which a request fails. */
const getErrorName = async (request: Promise<unknown>): Promise<string> => {
  try {
    await request
    return "no error"
  } catch (error) {
    return error instanceof Error ? error.name : "unknown"
  }
}

describe("a fault", () => {
  test.each([
    ["server-error", 500, "error"],
    ["unavailable", 503, "message"],
    ["gateway-timeout", 504, "message"],
    ["rate-limited", 429, "reason"],
    ["unauthorized", 401, "message"],
    ["forbidden", 403, "reason"],
    ["plan-required", 402, "reason"],
    ["cooldown", 429, "reason"],
    ["concurrency-limited", 429, "reason"],
  ] as const)("%s refuses one submit with %i and charges nothing", async (name, status, member) => {
    await using world = await startStepped()
    world.simulator.faults.next(name)
    const refused = await world.post(submit, redHouse)
    expect(refused.status).toBe(status)
    expect(refused.body[member]).toBeTypeOf("string")
    expect(world.simulator.ledger().paidJobs).toBe(0)
    expect(world.simulator.requests()[0]).toMatchObject({ fault: name, status, body: redHouse })
    expect((await world.post(submit, redHouse)).status).toBe(200)
  })

  test("bad-gateway-html returns an HTML page", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("bad-gateway-html")
    const response = await fetch(`${world.simulator.baseUrl}/jobs`)
    expect(response.status).toBe(502)
    expect(response.headers.get("content-type")).toBe("text/html")
    expect(await response.text()).toContain("<html>")
  })

  test.each([
    ["seconds", "retry-after", "7"],
    ["milliseconds", "retry-after-ms", "7000"],
    ["http-date", "retry-after", "Mon, 02 Nov 2026 09:00:07 GMT"],
  ] as const)("rate-limited sends the pause as %s", async (retryAfterAs, header, value) => {
    await using world = await startStepped()
    world.simulator.faults.next("rate-limited", { retryAfterSeconds: 7, retryAfterAs })
    expect((await world.get("/jobs")).headers.get(header)).toBe(value)
  })

  test("concurrency-limited and cooldown send their details", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("concurrency-limited", { actionName: "custom", actionLimit: 3 })
    expect((await world.post(submit, redHouse)).body["details"]).toEqual({
      actionName: "custom",
      actionLimit: 3,
    })
    world.simulator.faults.next("cooldown", { remainingSeconds: 60 })
    expect((await world.post(submit, redHouse)).body["details"]).toEqual({ remainingSeconds: 60 })
  })

  test("connection-reset creates no job", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("connection-reset")
    expect(await getErrorName(world.post(submit, redHouse))).toBe("TypeError")
    expect(world.simulator.jobs()).toHaveLength(0)
  })

  test("text-amounts sends prices as text", async () => {
    await using world = await startStepped()
    world.simulator.faults.rate("text-amounts", 1)
    const price = (await world.post(`${submit}?dryRun=true`, redHouse)).body["creativeUnitsCost"]
    expect(price).toMatch(/^[\d.]+$/)
    expect(await world.post(submit, redHouse)).toMatchObject({
      body: { creativeUnitsCost: price, job: { billing: { cuCost: price } } },
    })
  })

  test("lost-response creates and charges a job", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("lost-response")
    expect((await world.post(`${submit}?dryRun=true`, redHouse)).status).toBe(269)
    expect(await getErrorName(world.post(submit, redHouse))).toBe("TypeError")
    expect(world.simulator.ledger().paidJobs).toBe(1)
    expect(listAt((await world.get("/jobs")).body, "jobs")).toHaveLength(1)
    expect(world.simulator.requests()[1]).toMatchObject({ status: 0, fault: "lost-response" })
  })

  test.each([500, 502, 504])("lost-response-then-5xx charges a job and returns %i", async (status) => {
    await using world = await startStepped()
    world.simulator.faults.next("lost-response-then-5xx", { status })
    const response = await fetch(`${world.simulator.baseUrl}${submit}`, {
      method: "POST",
      headers: {
        authorization: `Basic ${btoa(`${world.simulator.apiKey}:${world.simulator.apiSecret}`)}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(redHouse),
    })
    expect(response.status).toBe(status)
    await response.arrayBuffer()
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  test("hang never responds", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("hang")
    const pending = fetch(`${world.simulator.baseUrl}/jobs`, { signal: AbortSignal.timeout(100) })
    expect(await getErrorName(pending)).toBe("TimeoutError")
  })

  test("slow responds after the delay", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("slow", { delayMs: 3000 })
    let hasResponded = false
    const pending = world.get("/jobs").finally(() => (hasResponded = true))
    await expect.poll(() => world.simulator.requests()[0]?.status).toBe(200)
    await world.simulator.advance(2999)
    expect(hasResponded).toBe(false)
    await world.simulator.advance(1)
    expect((await pending).status).toBe(200)
  })

  test("trickle sends the whole body in pieces", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("trickle", { chunks: 3, delayMs: 100 })
    const pending = world.get("/models?privacy=public")
    await expect.poll(() => world.simulator.requests()[0]?.status).toBe(200)
    await world.simulator.advance(1000)
    expect(listAt((await pending).body, "models").length).toBeGreaterThan(5)
  })

  test.each(["content-length", "chunked"] as const)(
    "truncated-body stops in the middle (%s)",
    async (framing) => {
      await using world = await startStepped()
      world.simulator.faults.next("truncated-body", { framing })
      expect(await getErrorName(world.get("/models?privacy=public"))).toBe("TypeError")
    },
  )

  test("malformed-json and empty-body send a body that isn't JSON", async () => {
    await using world = await startStepped()
    for (const name of ["malformed-json", "empty-body"] as const) {
      world.simulator.faults.next(name)
      expect(await getErrorName(world.get("/jobs"))).toBe("SyntaxError")
    }
  })

  test("missing-job-id and legacy-job-id create the job", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("missing-job-id")
    const missing = await world.post(submit, redHouse)
    expect(at(missing.body, "job", "jobId")).toBeUndefined()
    world.simulator.faults.next("legacy-job-id")
    const legacy = await world.post(submit, redHouse)
    expect(Object.keys(Object(legacy.body["job"])).toSorted()).toEqual(["id", "status"])
    expect(world.simulator.jobs()).toHaveLength(2)
  })

  test("missing-job returns only the price, and the job runs", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("missing-job", { path: "/upscale" })
    const reply = await world.post("/generate/upscale", { image: world.simulator.addAsset() })
    expect(Object.keys(reply.body)).toEqual(["creativeUnitsCost", "creativeUnitsDiscount"])
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  test("plain-dry-run returns the price with 200", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("plain-dry-run")
    const dry = await world.post(`${submit}?dryRun=true`, redHouse)
    expect(dry.status).toBe(200)
    expect(dry.body["creativeUnitsCost"]).toBeTypeOf("number")
    expect(world.simulator.jobs()).toHaveLength(0)
  })

  test("vanished-job, unknown-status, and unknown-fields change the response for a job", async () => {
    await using world = await startStepped()
    const path = `/jobs/${textAt((await world.post(submit, redHouse)).body, "job", "jobId")}`
    world.simulator.faults.next("vanished-job")
    expect((await world.get(path)).status).toBe(404)
    world.simulator.faults.next("unknown-status", { value: "napping" })
    expect(at((await world.get(path)).body, "job", "status")).toBe("napping")
    world.simulator.faults.next("unknown-fields")
    const extended = await world.get(path)
    expect(at(extended.body, "job", "futureFlag")).toBe(true)
    expect(at(extended.body, "job", "metadata", "input")).toEqual(redHouse)
  })

  test("strict-bulk refuses a batch that names an unknown asset", async () => {
    await using world = await startStepped()
    const known = world.simulator.addAsset()
    world.simulator.faults.rate("strict-bulk", 1)
    const bulk = (assetIds: ReadonlyArray<string>) => world.post("/assets/get-bulk", { assetIds })
    expect((await bulk([known])).status).toBe(200)
    expect((await bulk([known, "asset_unknown"])).status).toBe(404)
  })

  test("missing-in-bulk leaves out an asset, and shuffled-bulk returns all", async () => {
    await using world = await startStepped()
    const assetIds = [1, 2, 3].map(() => world.simulator.addAsset())
    world.simulator.faults.next("missing-in-bulk")
    expect(listAt((await world.post("/assets/get-bulk", { assetIds })).body, "assets")).toHaveLength(2)
    world.simulator.faults.next("shuffled-bulk")
    const shuffled = listAt((await world.post("/assets/get-bulk", { assetIds })).body, "assets").map(
      (asset) => textAt(asset, "id"),
    )
    expect(shuffled).not.toEqual(assetIds)
    expect(shuffled.toSorted()).toEqual(assetIds.toSorted())
  })

  test("pending-asset returns a finished asset as pending", async () => {
    await using world = await startStepped()
    const id = world.simulator.addAsset()
    world.simulator.faults.next("pending-asset")
    expect(at((await world.get(`/assets/${id}`)).body, "asset", "status")).toBe("pending")
    expect(at((await world.get(`/assets/${id}`)).body, "asset", "status")).toBe("success")
  })

  test("repeated-cursor repeats the token, and shifting-pages repeats an entry", async () => {
    await using world = await startStepped()
    for (let count = 0; count < 25; count++) world.simulator.addJob()
    const first = await world.get("/jobs")
    const cursor = textAt(first.body, "nextPaginationToken")
    world.simulator.faults.next("repeated-cursor")
    expect(textAt((await world.get(`/jobs?paginationToken=${cursor}`)).body, "nextPaginationToken")).toBe(
      cursor,
    )
    world.simulator.faults.next("shifting-pages")
    const shifted = await world.get(`/jobs?paginationToken=${cursor}`)
    expect(at(shifted.body, "jobs", 0, "jobId")).toBe(at(first.body, "jobs", 9, "jobId"))
  })

  test("large-page refuses long pages, and bare-success removes results from lists", async () => {
    await using world = await startStepped()
    world.simulator.addJob({ ageMs: 60_000, assetIds: ["asset_1"] })
    world.simulator.faults.rate("large-page", 1, { maxRows: 20, status: 413 })
    expect((await world.get("/jobs?pageSize=21")).status).toBe(413)
    expect((await world.get("/jobs?pageSize=20")).status).toBe(200)
    world.simulator.faults.next("bare-success")
    expect(at((await world.get("/jobs")).body, "jobs", 0, "metadata", "assetIds")).toEqual([])
    expect(at((await world.get("/jobs")).body, "jobs", 0, "metadata", "assetIds")).toEqual(["asset_1"])
  })

  test("clock-skew moves the Date header", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("clock-skew", { skewMs: 60_000 })
    expect((await world.get("/jobs")).headers.get("date")).toBe("Mon, 02 Nov 2026 09:01:00 GMT")
  })

  test("expired-link, redirect, wrong-content-type, wrong-bytes, and truncated-body change the response of the CDN", async () => {
    await using world = await startStepped()
    const id = world.simulator.addAsset({ prompt: "a house", width: 300, height: 300 })
    const url = textAt((await world.get(`/assets/${id}`)).body, "asset", "url")
    const fetchWith = (name: FaultName, options = {}) => {
      world.simulator.faults.next(name, options)
      return fetch(url, { redirect: "manual" })
    }
    const expired = await fetchWith("expired-link")
    expect([expired.status, await expired.text()]).toEqual([
      403,
      expect.stringContaining("<Code>AccessDenied</Code>"),
    ])
    expect(new URL((await fetchWith("redirect")).headers.get("location") ?? "").origin).toBe(
      world.simulator.cdnUrl,
    )
    const away = await fetchWith("redirect", { to: "other-origin" })
    const location = away.headers.get("location") ?? ""
    expect(new URL(location).hostname).toBe("localhost")
    expect((await fetch(location)).status).toBe(200)
    expect((await fetchWith("wrong-content-type")).headers.get("content-type")).toBe(
      "application/octet-stream",
    )
    expect(await (await fetchWith("wrong-bytes")).text()).toContain("<html>")
    expect(
      await getErrorName(
        fetchWith("truncated-body", { origin: "cdn" }).then((response) => response.arrayBuffer()),
      ),
    ).toBe("TypeError")
  })

  test("with an unknown name is refused, with a list of the known names", async () => {
    await using world = await startStepped()
    const name: string = "gremlins"
    const reply = await fetch(`${world.simulator.controlUrl}/faults`, {
      method: "POST",
      body: JSON.stringify({ name }),
    })
    expect(reply.status).toBe(400)
    expect(await reply.text()).toContain('Unknown fault \\"gremlins\\". Known: server-error')
    expect(faultNames.length).toBeGreaterThan(30)
  })
})

describe("faults at a rate", () => {
  test("hit the same requests for the same seed", async () => {
    const hits = async (seed: number) => {
      await using world = await startStepped({ seed })
      world.simulator.faults.rate("server-error", 0.4, { path: "/jobs" })
      const statuses: Array<number> = []
      for (let count = 0; count < 30; count++) statuses.push((await world.get("/jobs")).status)
      return statuses
    }
    const once = await hits(7)
    expect(await hits(7)).toEqual(once)
    expect(await hits(8)).not.toEqual(once)
    expect(once.filter((status) => status === 500).length).toBeGreaterThan(4)
  })

  test("hit only their paths, until they are cleared", async () => {
    await using world = await startStepped()
    world.simulator.faults.rate("server-error", 1, { path: /\/assets/, method: "get" })
    expect((await world.get("/jobs")).status).toBe(200)
    expect((await world.get("/assets")).status).toBe(500)
    expect((await world.post("/assets/get-bulk", { assetIds: [] })).status).toBe(200)
    world.simulator.faults.clear()
    expect((await world.get("/assets")).status).toBe(200)
  })

  test("with times hit a number of requests", async () => {
    await using world = await startStepped()
    world.simulator.faults.next("unavailable", { times: 2 })
    const { get } = makeClient(world.simulator)
    expect([(await get("/jobs")).status, (await get("/jobs")).status, (await get("/jobs")).status]).toEqual([
      503, 503, 200,
    ])
    expect((await world.post(`/generate/custom/${canvasImage}`, { prompt: "x" })).status).toBe(200)
  })
})
