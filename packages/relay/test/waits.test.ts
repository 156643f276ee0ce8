import type { WaitRegistration } from "@scenario-automation/relay-contract"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { until } from "./support/Receiver.ts"
import { otherToken } from "./support/settings.ts"
import { startWorld, type World } from "./support/world.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const callbacksTo = (path: string) => world.receiver.received.filter((one) => one.path === path)
type Registration = Omit<WaitRegistration, "accountId" | "callbackUrl"> & { readonly path: string }
const register = ({ path, ...rest }: Registration) =>
  world.call(({ waits }) =>
    waits.register({ payload: { accountId: "main", callbackUrl: `${world.receiver.url}${path}`, ...rest } }),
  )
const getState = async (waitId: string) =>
  (await world.call(({ waits }) => waits.get({ params: { waitId } }))).state

describe.concurrent("a wait", () => {
  it("ends in one signed callback with the job's status, assets, and cost", async () => {
    const jobId = world.simulator.addJob({ durationMs: 20_000, assetIds: ["asset_a"] })
    const wait = await register({ jobIds: [jobId], path: "/one", metadata: "order 7" })
    expect(wait).toMatchObject({ state: "waiting", jobs: [{ jobId }], metadata: "order 7" })
    await until(() => callbacksTo("/one").length === 1)
    const [one] = callbacksTo("/one")
    expect(one?.id).toBe(wait.waitId)
    expect(one?.callback).toMatchObject({
      type: "wait.succeeded",
      data: {
        waitId: wait.waitId,
        accountId: "main",
        metadata: "order 7",
        jobs: [{ jobId, status: "success" }],
      },
    })
    expect(one?.text).not.toMatch(/https?:/)
    await until(async () => (await getState(wait.waitId)) === "delivered")
    const details = await world.call(({ waits }) => waits.get({ params: { waitId: wait.waitId } }))
    expect(details).toMatchObject({ outcome: "succeeded", attempts: [{ kind: "scheduled", status: 200 }] })
  })

  it("is stored once if it is registered twice", async () => {
    const jobId = world.simulator.addJob({ durationMs: 20_000 })
    const first = await register({ jobIds: [jobId], path: "/twice" })
    const second = await register({ jobIds: [jobId], path: "/twice" })
    const third = await register({ jobIds: [jobId], path: "/twice", idempotencyKey: "again" })
    expect(second.waitId).toBe(first.waitId)
    expect(third.waitId).not.toBe(first.waitId)
    await until(() => callbacksTo("/twice").length === 2)
    const conflict = await world.fail(({ waits }) =>
      waits.register({
        payload: {
          accountId: "main",
          callbackUrl: world.callbackUrl,
          jobIds: ["job_x"],
          idempotencyKey: "again",
        },
      }),
    )
    expect(conflict).toMatchObject({ _tag: "WaitConflict" })
  })

  it("of several jobs ends when the last one has, and fails if one has failed", async () => {
    const jobs = [
      world.simulator.addJob({ durationMs: 5_000 }),
      world.simulator.addJob({ status: "failure" }),
      world.simulator.addJob({ durationMs: 25_000 }),
    ]
    const [first = "", ...others] = jobs
    await register({ jobIds: [first, ...others], path: "/many" })
    await until(() => callbacksTo("/many").length === 1)
    const { type, data } = callbacksTo("/many")[0]?.callback ?? {}
    expect(type).toBe("wait.failed")
    expect(data?.jobs.map(({ jobId }) => jobId)).toEqual(jobs)
    expect(data?.jobs.map(({ status }) => status)).toEqual(["success", "failure", "success"])
    expect(data?.jobs[1]?.error).toMatchObject({ code: "JobFailed", isRetryable: false })
  })

  it("reports an unknown job with advice", async () => {
    await register({ jobIds: ["job_nowhere"], path: "/unknown" })
    await until(() => callbacksTo("/unknown").length === 1)
    const job = callbacksTo("/unknown")[0]?.callback.data.jobs[0]
    expect(job?.error?.message).toMatch(/job_nowhere.*Check the ID/)
  })

  it("expires with the job's last status", async () => {
    const jobId = world.simulator.addJob({ status: "in-progress", durationMs: 3_600_000 })
    await register({ jobIds: [jobId], path: "/late", expiresAt: new Date(Date.now() + 1_500).toISOString() })
    await until(() => callbacksTo("/late").length === 1)
    expect(callbacksTo("/late")[0]?.callback).toMatchObject({
      type: "wait.expired",
      data: { jobs: [{ jobId, error: { code: "WaitTimedOut" } }] },
    })
  })

  it("adds assets with URLs if they are included", async () => {
    const asset = world.simulator.addAsset({ kind: "text" })
    const jobId = world.simulator.addJob({ assetIds: [asset] })
    await register({ jobIds: [jobId], path: "/assets", include: ["assets"] })
    await until(() => callbacksTo("/assets").length === 1)
    const [found] = callbacksTo("/assets")[0]?.callback.data.jobs[0]?.assets ?? []
    expect(found).toMatchObject({ assetId: asset, kind: "text" })
    expect((await fetch(found?.url ?? "")).status).toBe(200)
  })

  it("posts progress under IDs of their own before the end", async () => {
    const jobId = world.simulator.addJob({ durationMs: 80_000, assetIds: ["asset_p"] })
    const wait = await register({ jobIds: [jobId], path: "/progress", progress: true })
    await until(() => callbacksTo("/progress").some(({ id }) => id === wait.waitId))
    const updates = callbacksTo("/progress").filter(({ id }) => id !== wait.waitId)
    expect(updates.length).toBeGreaterThan(0)
    expect(new Set(updates.map(({ id }) => id)).size).toBe(updates.length)
    expect(updates[0]?.callback).toMatchObject({ type: "wait.progressed", data: { waitId: wait.waitId } })
    expect(callbacksTo("/progress").at(-1)?.callback.type).toBe("wait.succeeded")
  })

  it("that is canceled sends nothing, and its job continues", async () => {
    const jobId = world.simulator.addJob({ durationMs: 20_000 })
    const { waitId } = await register({ jobIds: [jobId], path: "/canceled" })
    const canceled = await world.call(({ waits }) => waits.cancel({ params: { waitId } }))
    expect(canceled.state).toBe("canceled")
    const probe = await register({ jobIds: [jobId], path: "/probe" })
    await until(async () => (await getState(probe.waitId)) === "delivered")
    expect(callbacksTo("/canceled")).toEqual([])
    const again = await world.fail(({ waits }) => waits.cancel({ params: { waitId: probe.waitId } }))
    expect(again).toMatchObject({ _tag: "WaitConflict" })
  })
})

describe("waiting", () => {
  it("writes nothing to the database", async () => {
    const jobIds = Array.from({ length: 20 }, () => world.simulator.addJob({ durationMs: 3_600_000 }))
    for (const jobId of jobIds) await register({ jobIds: [jobId], path: "/pending" })
    const countChanges = world.run(
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql<{ n: number }>`SELECT total_changes() AS n`),
    )
    const before = await countChanges
    const getPolls = () => world.simulator.requests().filter(({ method }) => method === "GET").length
    const pollsBefore = getPolls()
    await until(() => getPolls() >= pollsBefore + 2)
    expect(await countChanges).toEqual(before)
  })
})

describe("a list of waits", () => {
  it("is paged, filtered, and the client's own", async () => {
    const ids = new Set<string>()
    let cursor: string | undefined
    let pages = 0
    do {
      const page: { waits: ReadonlyArray<{ waitId: string }>; nextCursor?: string } = await world.call(
        ({ waits }) => waits.list({ query: { pageSize: 10, ...(cursor === undefined ? {} : { cursor }) } }),
      )
      for (const { waitId } of page.waits) ids.add(waitId)
      cursor = page.nextCursor
      pages += 1
    } while (cursor !== undefined)
    expect(pages).toBeGreaterThan(2)
    expect(ids.size).toBeGreaterThan(25)
    const pending = await world.call(({ waits }) =>
      waits.list({ query: { state: "waiting", pageSize: 200 } }),
    )
    expect(pending.waits).toHaveLength(20)
    const others = await world.call(({ waits }) => waits.list({ query: {} }), otherToken)
    expect(others.waits).toEqual([])
    const [mine = ""] = ids
    const stolen = await world.fail(({ waits }) => waits.get({ params: { waitId: mine } }), otherToken)
    expect(stolen).toMatchObject({ _tag: "UnknownWait" })
  })
})

describe("a registration", () => {
  it.each([
    ["http://example.com/x", /https/],
    ["https://user:password@example.com/x", /user name/],
    ["https://10.0.0.1/x", /inside address/],
    ["https://[::1]/x", /inside address/],
    ["https://example.com:8443/x", /port/],
  ])("refuses %s", async (callbackUrl, reason) => {
    const refused = await world.fail(({ waits }) =>
      waits.register({ payload: { accountId: "main", jobIds: ["job_1"], callbackUrl } }),
    )
    expect(refused).toMatchObject({ _tag: "WaitRefused", message: expect.stringMatching(reason) })
  })

  it("refuses an account that the client can't use", async () => {
    const payload = { accountId: "main", jobIds: ["job_1"], callbackUrl: world.callbackUrl } as const
    const refused = await world.fail(({ waits }) => waits.register({ payload }), otherToken)
    expect(refused).toMatchObject({ _tag: "UnknownAccount" })
  })
})

describe("a registered account", () => {
  const params = { accountId: "customer-1" }

  it("is verified, used, limited, and removed with its waits", async () => {
    const { apiKey, apiSecret } = world.simulator
    const wrong = await world.fail(
      ({ accounts }) => accounts.register({ params, payload: { apiKey, apiSecret: "wrong" } }),
      otherToken,
    )
    expect(wrong).toMatchObject({ _tag: "AccountRefused" })
    for (let times = 0; times < 2; times++)
      await world.call(
        ({ accounts }) => accounts.register({ params, payload: { apiKey, apiSecret } }),
        otherToken,
      )

    const jobIds = Array.from({ length: 4 }, () => world.simulator.addJob({ durationMs: 3_600_000 }))
    const create = (jobId = "") => ({
      payload: { accountId: "customer-1", jobIds: [jobId] as const, callbackUrl: world.callbackUrl },
    })
    for (const jobId of jobIds.slice(0, 3))
      await world.call(({ waits }) => waits.register(create(jobId)), otherToken)
    const tooMany = await world.fail(({ waits }) => waits.register(create(jobIds[3])), otherToken)
    expect(tooMany).toMatchObject({ _tag: "TooManyWaits", limit: 3 })

    await world.call(({ accounts }) => accounts.remove({ params }), otherToken)
    const { waits } = await world.call(({ waits }) => waits.list({ query: {} }), otherToken)
    expect(waits.map(({ state }) => state)).toEqual(["canceled", "canceled", "canceled"])
    const unknown = await world.fail(({ waits }) => waits.register(create(jobIds[0])), otherToken)
    expect(unknown).toMatchObject({ _tag: "UnknownAccount" })
  })

  it("can't be registered by a client without the right", async () => {
    const payload = { apiKey: "key", apiSecret: "secret" }
    const refused = await world.fail(({ accounts }) => accounts.register({ params, payload }))
    expect(refused).toMatchObject({ _tag: "NotAllowed" })
  })
})

describe("secrets", () => {
  it("are neither in the log nor in the database", async () => {
    const tables = ["relay_waits", "relay_accounts", "relay_attempts"]
    const rows = await world.run(
      Effect.flatMap(SqlClient.SqlClient, (sql) =>
        Effect.forEach(tables, (table) => sql`SELECT * FROM ${sql(table)}`),
      ),
    )
    const everything = JSON.stringify(rows) + world.log.join("\n")
    expect(everything).toContain("wait_")
    for (const secret of [world.simulator.apiSecret, world.receiver.url, "127.0.0.1", otherToken])
      expect(everything).not.toContain(secret)
  })
})
