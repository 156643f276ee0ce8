import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { adminToken, token } from "./support/settings.ts"
import { startWorld, type World } from "./support/world.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ settings: { maxBodyBytes: 65_536 } })
})
afterAll(() => world[Symbol.asyncDispose]())

/** Deterministic numbers in 0..1. */
const makeRandom = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

describe("a request", () => {
  it("that is garbage gets a 4xx, a thousand times, and the relay still works", async () => {
    const random = makeRandom(7)
    const pick = <A>(values: ReadonlyArray<A>): A => {
      const value = values[Math.floor(random() * values.length)]
      if (value === undefined) throw new Error("nothing to pick from")
      return value
    }
    const makeValue = (depth: number): unknown =>
      pick<() => unknown>([
        () => null,
        () => random() * 1e12 - 5e11,
        () => random() < 0.5,
        () => String.fromCodePoint(...Array.from({ length: 20 }, () => 1 + Math.floor(random() * 0xd000))),
        () => "x".repeat(Math.floor(random() * 3_000)),
        () => "../../etc/passwd\u0000",
        () => (depth > 3 ? [] : Array.from({ length: 4 }, () => makeValue(depth + 1))),
        () =>
          depth > 3 ? {} : { __proto__: 1, constructor: makeValue(depth + 1), jobIds: makeValue(depth + 1) },
      ])()
    const fields = ["accountId", "jobIds", "callbackUrl", "expiresAt", "include", "progress", "metadata"]
    const makeBody = (): string => {
      const valid = { accountId: "main", jobIds: ["job_1"], callbackUrl: "https://example.com/x" }
      const json = JSON.stringify({ ...valid, [pick(fields)]: makeValue(0), [pick(fields)]: makeValue(0) })
      return pick([
        () => json,
        () => json.slice(0, Math.floor(random() * json.length)),
        () => String(makeValue(0)),
      ])()
    }
    const seen = new Map<number, number>()
    for (let times = 0; times < 1_000; times++) {
      const response = await world.fetch(
        pick(["/v1/waits", "/v1/generations", "/v1/accounts/x", "/v1/waits/wait_x/cancel"]),
        {
          method: pick(["POST", "POST", "POST", "PUT", "DELETE"]),
          headers: {
            authorization: pick([
              `Bearer ${token}`,
              `Bearer ${token}`,
              `Bearer ${token}`,
              "Bearer",
              `Basic ${token}`,
              `Bearer ${token.slice(1)}`,
            ]),
            "content-type": pick([
              "application/json",
              "application/json",
              "text/plain",
              "application/x-www-form-urlencoded",
            ]),
            [pick(["x-forwarded-for", "cookie", "accept", "traceparent", "b3"])]: "x".repeat(
              Math.floor(random() * 2_000),
            ),
          },
          body: makeBody(),
        },
      )
      const text = await response.text()
      seen.set(response.status, (seen.get(response.status) ?? 0) + 1)
      expect(response.status).toBeLessThan(500)
      expect(text).not.toMatch(/node_modules|at \w+ \(/)
    }
    expect([...seen.keys()]).toEqual(expect.arrayContaining([400, 401, 404]))
    expect((await world.fetch("/readyz")).status).toBe(200)
  })

  it("with a body that is too large gets a 413", async () => {
    const response = await world.fetch("/v1/waits", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ metadata: "x".repeat(100_000) }),
    })
    expect(response.status).toBe(413)
  })
})

describe("the status page", () => {
  const basic = `Basic ${Buffer.from(`operator:${adminToken}`).toString("base64")}`

  it("and the metrics need the admin token", async () => {
    for (const path of ["/status", "/metrics"]) {
      expect((await world.fetch(path)).status).toBe(401)
      expect((await world.fetch(path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
      expect((await world.fetch(path, { headers: { authorization: `Bearer ${adminToken}` } })).status).toBe(
        200,
      )
    }
  })

  it("shows dead letters with their reason, and redelivers one", async () => {
    world.receiver.next(410)
    const jobId = world.simulator.addJob({ assetIds: ["asset_1"] })
    const callbackUrl = world.callbackUrl
    const { waitId } = await world.call(({ waits }) =>
      waits.register({ payload: { accountId: "main", jobIds: [jobId], callbackUrl } }),
    )
    await world.receiver.waitFor(1)
    const page = async () => (await world.fetch("/status", { headers: { authorization: basic } })).text()
    await expect.poll(page, { timeout: 5_000 }).toContain(`redeliver/${waitId}`)
    expect(await page()).toContain("status 410")
    expect(await page()).not.toContain(world.receiver.url)

    const post = (headers: Record<string, string>) =>
      world.fetch(`/status/redeliver/${waitId}`, {
        method: "POST",
        redirect: "manual",
        headers: { authorization: basic, ...headers },
      })
    expect((await post({ origin: "https://evil.example" })).status).toBe(403)
    expect((await post({ "sec-fetch-site": "cross-site" })).status).toBe(403)
    expect(world.receiver.received).toHaveLength(1)
    expect((await post({ origin: world.url })).status).toBe(303)
    expect(world.receiver.received).toHaveLength(2)
    expect(await page()).toContain("No callback was given up.")
  })
})
