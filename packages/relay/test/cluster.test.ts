import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { findPostgresProblem } from "../src/localPostgres.ts"
import { accountIds, type Cluster, startCluster, startPostgres } from "./support/Cluster.ts"
import { until } from "./support/Receiver.ts"
import type { RelayProcess } from "./support/RelayProcess.ts"
import { adminToken } from "./support/settings.ts"

const unavailable = await findPostgresProblem()
if (unavailable !== undefined) console.log(`The cluster's tests are skipped: ${unavailable}`)

const maxWaits = 120

/** Waits of all accounts, through all runners; their jobs run for 40 s. */
const createWaits = async ({ simulator, receiver, runners }: Cluster): Promise<ReadonlySet<string>> => {
  const jobIds = Array.from({ length: maxWaits }, () =>
    simulator.addJob({ durationMs: 800_000, assetIds: ["asset_1"] }),
  )
  const register = async (jobId: string, index: number) => {
    await runners[index % runners.length]?.call(({ waits }) =>
      waits.register({
        payload: {
          accountId: accountIds[index % accountIds.length] ?? "",
          jobIds: [jobId],
          callbackUrl: receiver.url,
        },
      }),
    )
  }
  await Promise.all(jobIds.map(register))
  return new Set(jobIds)
}

const countFollowed = async (runners: ReadonlyArray<RelayProcess>): Promise<number> => {
  const counts = await Promise.all(
    runners.map(async ({ url }) => {
      const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } })
      return Number(/^relay_followed_waits (\d+)/m.exec(await metrics.text())?.[1] ?? 0)
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Milliseconds until the runners follow every wait. */
const measureHandOver = async (runners: ReadonlyArray<RelayProcess>): Promise<number> => {
  const startedAt = performance.now()
  await until(async () => (await countFollowed(runners)) === maxWaits, 30_000)
  return performance.now() - startedAt
}

const expectAllOnce = async ({ receiver }: Cluster, jobIds: ReadonlySet<string>) => {
  const getDelivered = () => new Set(receiver.received.map(({ callback }) => callback.data.jobs[0]?.jobId))
  await until(() => getDelivered().size === jobIds.size, 120_000)
  expect(getDelivered()).toEqual(jobIds)
  const perJob = Map.groupBy(receiver.received, ({ callback }) => callback.data.jobs[0]?.jobId)
  for (const callbacks of perJob.values()) expect(new Set(callbacks.map(({ id }) => id)).size).toBe(1)
}

describe.skipIf(unavailable !== undefined)("a cluster of three runners", () => {
  it("moves the accounts of a runner that is killed, and loses nothing", async () => {
    await using postgres = await startPostgres()
    await using cluster = await startCluster(postgres, 3)
    const jobIds = await createWaits(cluster)
    await until(async () => (await countFollowed(cluster.runners)) === maxWaits)
    const [first, ...others] = cluster.runners
    expect(await countFollowed(others)).toBeLessThan(maxWaits)
    await first?.end("SIGKILL")
    const handOverMs = await measureHandOver(others)
    console.log(`hand-over after kill -9: ${Math.round(handOverMs)} ms`)
    expect(handOverMs).toBeLessThan(10_000)
    await expectAllOnce(cluster, jobIds)
  })

  it("moves the accounts of a frozen runner, which then gives them up", async () => {
    await using postgres = await startPostgres()
    await using cluster = await startCluster(postgres, 3)
    const jobIds = await createWaits(cluster)
    await until(async () => (await countFollowed(cluster.runners)) === maxWaits)
    const [first, ...others] = cluster.runners
    first?.child.kill("SIGSTOP")
    const handOverMs = await measureHandOver(others)
    console.log(`hand-over after SIGSTOP: ${Math.round(handOverMs)} ms`)
    expect(handOverMs).toBeLessThan(12_000)
    first?.child.kill("SIGCONT")
    await expectAllOnce(cluster, jobIds)
  })

  it("survives an outage of the database", async () => {
    await using postgres = await startPostgres()
    await using cluster = await startCluster(postgres, 2)
    const jobIds = await createWaits(cluster)
    await until(async () => (await countFollowed(cluster.runners)) === maxWaits)
    await postgres.crash()
    const [runner] = cluster.runners
    const refused = await fetch(`${runner?.url}/readyz`)
    expect(refused.status).toBe(503)
    await sleep(3_000)
    await postgres.restart()
    await expectAllOnce(cluster, jobIds)
  })
})
