import { setTimeout as sleep } from "node:timers/promises"
import { Pool } from "undici"
import { quantile } from "../statistics.ts"
import { createRandom } from "../world/random.ts"
import type { Contender } from "./contenders.ts"
import { accountIds, type Outside, type PlannedWait } from "./Outside.ts"
import type { Program } from "./Programs.ts"

export interface ContenderFigures {
  readonly waitsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly apiRequestsPerWait: number
  readonly rowsPerWait: number
  readonly bytesPerWait: number
  /** From the kill to the last callback of jobs that ended then. */
  readonly killedMs: number
  /** The same after SIGSTOP. `undefined`: there is only one process. */
  readonly frozenMs: number | undefined
  /** Of the largest process. */
  readonly peakRss: number | undefined
  readonly repeats: number
}

const timedWaits = 600
const admittedWaits = 2_000
const movedWaits = 120
const clients = 64

export const measureContender = async (contender: Contender, outside: Outside): Promise<ContenderFigures> => {
  const programs = await startAll(contender)
  const random = createRandom(1)
  const replace = async (index: number) => {
    await programs[index]?.end("SIGKILL")
    programs[index] = await contender.start()
  }
  const register = (waits: ReadonlyArray<PlannedWait>) => registerAll(contender, programs, waits)
  try {
    const requestsBefore = outside.countApiRequests()
    const timed = plan(outside, timedWaits, () => 5_000 + 20_000 * random())
    await register(timed)
    await untilCalledBack(outside, timed)
    const delays = timed.map((wait) => (outside.getCallbackTime(wait) ?? 0) - wait.endsAt)
    const apiRequestsPerWait = (outside.countApiRequests() - requestsBefore) / timedWaits

    if (contender.mustStopToRead) await programs[0]?.end("SIGTERM")
    const stored = await contender.readStored()
    if (contender.mustStopToRead) await replace(0)

    const moved = plan(outside, movedWaits, () => 6_000)
    await register(moved)
    await untilEnd(moved)
    const killedAt = Date.now()
    await programs[0]?.end("SIGKILL")
    if (contender.size === 1) await replace(0)
    await untilCalledBack(outside, moved)
    const killedMs = getLast(outside, moved) - killedAt
    if (contender.size > 1) await replace(0)

    const frozenMs = contender.size === 1 ? undefined : await measureFrozen(outside, programs[1], register)

    const waiting = plan(outside, admittedWaits, () => 3_600_000)
    const startedAt = performance.now()
    await register(waiting)
    const waitsPerSecond = (1_000 * admittedWaits) / (performance.now() - startedAt)
    const peaks = programs.map(({ getPeakRss }) => getPeakRss() ?? 0)
    return {
      waitsPerSecond,
      p50Ms: quantile(delays, 0.5),
      p99Ms: quantile(delays, 0.99),
      apiRequestsPerWait,
      rowsPerWait: stored.rows / timedWaits,
      bytesPerWait: stored.bytes / timedWaits,
      killedMs,
      frozenMs,
      peakRss: Math.max(...peaks) || undefined,
      repeats: outside.countRepeats(),
    }
  } finally {
    await Promise.all(programs.map(({ end }) => end("SIGKILL")))
  }
}

const startAll = async (contender: Contender): Promise<Array<Program>> => {
  const first = await contender.start()
  await contender.prepare(first)
  const programs = [first]
  while (programs.length < contender.size) programs.push(await contender.start())
  // The runners of a cluster agree on who owns what.
  await sleep(4_000)
  return programs
}

const measureFrozen = async (
  outside: Outside,
  program: Program | undefined,
  register: (waits: ReadonlyArray<PlannedWait>) => Promise<void>,
): Promise<number> => {
  // The process that was started again gets its share of the accounts first.
  await sleep(4_000)
  const waits = plan(outside, movedWaits, () => 6_000)
  await register(waits)
  await untilEnd(waits)
  const frozenAt = Date.now()
  program?.child.kill("SIGSTOP")
  await untilCalledBack(outside, waits)
  program?.child.kill("SIGCONT")
  return getLast(outside, waits) - frozenAt
}

/** Waits of all accounts, whose jobs end after a number of milliseconds. */
const plan = (outside: Outside, count: number, draw: () => number): ReadonlyArray<PlannedWait> => {
  const now = Date.now()
  return Array.from({ length: count }, (_, index) =>
    outside.add(accountIds[index % accountIds.length] ?? "", Math.round(now + draw())),
  )
}

/** Registers the waits with all processes; each of 64 clients sends its next one when the last was accepted. */
const registerAll = async (
  contender: Contender,
  programs: ReadonlyArray<Program>,
  waits: ReadonlyArray<PlannedWait>,
): Promise<void> => {
  const pools = programs.map(({ url }) => new Pool(url, { connections: clients }))
  let next = 0
  const sendAll = async (pool: Pool) => {
    for (let wait = waits[next++]; wait !== undefined; wait = waits[next++]) {
      const { path, body } = contender.toRequest(wait)
      const response = await pool.request({ path, method: "POST", headers: contender.headers, body })
      const text = await response.body.text()
      if (response.statusCode !== 200) throw new Error(`a wait got ${response.statusCode}: ${text}`)
    }
  }
  await Promise.all(
    Array.from({ length: clients }, (_, client) => {
      const pool = pools[client % pools.length]
      return pool === undefined ? Promise.resolve() : sendAll(pool)
    }),
  )
  await Promise.all(pools.map((pool) => pool.close()))
}

const untilEnd = async (waits: ReadonlyArray<PlannedWait>): Promise<void> => {
  await sleep(Math.max(...waits.map(({ endsAt }) => endsAt)) - Date.now())
}

const maxWaitMs = 60_000

const untilCalledBack = async (outside: Outside, waits: ReadonlyArray<PlannedWait>): Promise<void> => {
  const giveUpAt = Math.max(...waits.map(({ endsAt }) => endsAt)) + maxWaitMs
  const isMissing = (wait: PlannedWait) => outside.getCallbackTime(wait) === undefined
  while (waits.some(isMissing)) {
    if (Date.now() > giveUpAt) throw new Error(`${waits.filter(isMissing).length} callbacks didn't come`)
    await sleep(20)
  }
}

const getLast = (outside: Outside, waits: ReadonlyArray<PlannedWait>): number =>
  Math.max(...waits.map((wait) => outside.getCallbackTime(wait) ?? 0))
