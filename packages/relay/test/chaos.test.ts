import type { ServerResponse } from "node:http"
import process from "node:process"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { findPostgresProblem } from "../src/localPostgres.ts"
import { accountIds, type Cluster, startCluster, startPostgres } from "./support/Cluster.ts"
import { type Receiver, startReceiver, until } from "./support/Receiver.ts"
import type { RelayProcess } from "./support/RelayProcess.ts"
import { adminToken } from "./support/settings.ts"

const unavailable = await findPostgresProblem()

/** `RELAY_CHAOS_WAITS=10000 RELAY_CHAOS_SEED=2 ../../run pnpm vitest run test/chaos.test.ts` */
const waitCount = Number(process.env["RELAY_CHAOS_WAITS"] ?? 300)
const seed = Number(process.env["RELAY_CHAOS_SEED"] ?? 1)
/** Until the last job ends, in seconds. */
const jobSeconds = Math.max(20, waitCount / 60)
const timeoutMs = 1_000 * (jobSeconds + 160 + waitCount / 20)
const speed = 20
/** Kills, and one freeze. */
const minRounds = 5

/** Numbers from 0 to 1, reproducible by seed (mulberry32). */
const createRandom = (start: number) => {
  let state = start
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
const random = createRandom(seed)

type Fault = (response: ServerResponse) => void

/** Fails a quarter of the first attempts. Later attempts are accepted. */
const failSome = async (fault: Fault): Promise<Receiver> => {
  const receiver = await startReceiver()
  const seen = new Set<string>()
  receiver.always((response) => {
    const id = String(response.req.headers["webhook-id"])
    const isFirst = !seen.has(id)
    seen.add(id)
    if (isFirst && random() < 0.25) fault(response)
    else response.writeHead(204).end()
  })
  return receiver
}

const registerAll = async (
  { runners, simulator }: Cluster,
  receivers: ReadonlyArray<Receiver>,
): Promise<ReadonlyMap<string, string>> => {
  const waitIds = new Map<string, string>()
  let next = 0
  const registerMore = async () => {
    for (let index = next++; index < waitCount; index = next++) {
      const durationMs = Math.round(speed * 1_000 * jobSeconds * random())
      const jobId = simulator.addJob({ durationMs, assetIds: ["asset_1"] })
      const payload = {
        accountId: accountIds[index % accountIds.length] ?? "",
        jobIds: [jobId] as const,
        callbackUrl: receivers[index % receivers.length]?.url ?? "",
      }
      // A client repeats a call that a dead runner didn't answer; it gets the same wait.
      for (let attempt = index; !waitIds.has(jobId); attempt++) {
        const stored = await Promise.race([
          runners[attempt % runners.length]
            ?.call(({ waits }) => waits.register({ payload }))
            .catch(() => undefined),
          sleep(5_000, undefined, { ref: false }),
        ])
        if (stored === undefined) await sleep(100)
        else waitIds.set(jobId, stored.waitId)
      }
    }
  }
  await Promise.all(Array.from({ length: 16 }, registerMore))
  return waitIds
}

/** Kills runners at random moments and starts others in their place. One is frozen for longer than its locks last. */
const injectFaults = async ({ runners, replace }: Cluster, isOver: () => boolean): Promise<number> => {
  const freezeAt = 1 + Math.floor(3 * random())
  let kills = 0
  for (let round = 0; round < minRounds || !isOver(); round++) {
    await sleep(2_000 + 4_000 * random())
    const index = Math.floor(runners.length * random())
    if (round === freezeAt) {
      runners[index]?.child.kill("SIGSTOP")
      await sleep(13_000)
      runners[index]?.child.kill("SIGCONT")
    } else {
      await runners[index]?.end("SIGKILL")
      kills += 1
      await sleep(2_000 * random())
      await replace(index)
    }
  }
  return kills
}

const countDelivered = async (runner: RelayProcess | undefined): Promise<number> => {
  const response = await fetch(`${runner?.url}/metrics`, {
    headers: { authorization: `Bearer ${adminToken}` },
  })
  const text = await response.text()
  return Number(/^relay_waits\{[^}]*state="delivered"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0)
}

describe.skipIf(unavailable !== undefined)("a cluster in chaos", () => {
  it(
    "ends every wait with one callback ID, whatever dies, hangs, refuses, or limits",
    async () => {
      await using postgres = await startPostgres()
      await using cluster = await startCluster(postgres, 3, { speed })
      await using inside = await startReceiver()
      const faults: ReadonlyArray<Fault> = [
        () => {},
        (response) => response.writeHead(500).end(),
        (response) => response.destroy(),
        (response) => response.writeHead(307, { location: inside.url }).end(),
      ]
      const receivers = [cluster.receiver, ...(await Promise.all(faults.map(failSome)))]
      cluster.simulator.faults.rate("rate-limited", 0.05, { retryAfterSeconds: 1 })

      let isRegistered = false
      const endsAt = performance.now() + 1_000 * jobSeconds
      const injected = injectFaults(cluster, () => isRegistered && performance.now() > endsAt)
      const waitIds = await registerAll(cluster, receivers)
      isRegistered = true
      const kills = await injected

      await until(
        async () => (await countDelivered(cluster.runners[0]).catch(() => 0)) === waitCount,
        timeoutMs,
      )
      const idsByJob = new Map<string, Set<string>>()
      const received = receivers.flatMap((receiver) => receiver.received)
      for (const { id, callback } of received) {
        const jobId = callback.data.jobs[0]?.jobId ?? ""
        idsByJob.set(jobId, (idsByJob.get(jobId) ?? new Set()).add(id))
      }
      expect(idsByJob).toEqual(new Map([...waitIds].map(([jobId, waitId]) => [jobId, new Set([waitId])])))
      expect(idsByJob.size).toBe(waitCount)
      expect(kills).toBeGreaterThanOrEqual(minRounds - 1)
      expect(inside.received).toEqual([])
      console.log(
        `${waitCount} waits, ${kills} kills, 1 freeze: ${received.length - waitCount} repeated callbacks`,
      )
      await Promise.all(receivers.slice(1).map((receiver) => receiver[Symbol.asyncDispose]()))
    },
    timeoutMs + 60_000,
  )
})
