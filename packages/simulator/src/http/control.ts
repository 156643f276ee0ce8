import type { IncomingMessage, ServerResponse } from "node:http"
import { faultNames, type FaultName, type FaultOptions } from "../Faults.ts"
import { isJsonObject, type JsonObject, numberAt, stringAt } from "../json.ts"
import type { Simulator } from "../Simulator.ts"
import { maxBodyBytes, readBody } from "./readBody.ts"

/** The controls of a simulator over HTTP, for other processes: `/_simulator/…`, no credentials, JSON both ways. */
export const controlRequest = async (
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> => {
  const action = `${request.method} ${url.pathname.slice("/_simulator".length)}`
  const bytes = await readBody(request, maxBodyBytes)
  const reply = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" })
    response.end(JSON.stringify(body ?? {}))
  }
  try {
    const body: unknown = bytes === undefined || bytes.length === 0 ? {} : JSON.parse(bytes.toString("utf8"))
    if (!isJsonObject(body)) throw new Error("The body must be a JSON object.")
    const result = await perform(simulator, action, body)
    if (result === undefined)
      reply(404, { message: `There is no control ${action}. Known: ${Object.keys(actions).join(", ")}.` })
    else reply(200, result)
  } catch (error) {
    reply(400, { message: error instanceof Error ? error.message : String(error) })
  }
}

type Action = (simulator: Simulator, body: JsonObject) => unknown

const actions: Readonly<Record<string, Action>> = {
  "GET /state": (simulator) => ({
    baseUrl: simulator.baseUrl,
    cdnUrl: simulator.cdnUrl,
    now: simulator.now(),
    projectId: simulator.projectId,
  }),
  "GET /requests": (simulator) => ({ requests: simulator.requests() }),
  "GET /ledger": (simulator) => simulator.ledger(),
  "GET /violations": (simulator) => ({ violations: simulator.violations() }),
  "GET /jobs": (simulator) => ({ jobs: simulator.jobs() }),
  "GET /assets": (simulator) => ({ assets: simulator.assets() }),
  "POST /faults": (simulator, body) => arm(simulator, body),
  "DELETE /faults": (simulator) => simulator.faults.clear(),
  "POST /plan": (simulator, body) => simulator.planNextJob(body),
  "POST /jobs": (simulator, body) => ({ jobId: simulator.addJob(body) }),
  "POST /assets": (simulator, body) => ({ assetId: simulator.addAsset(assetFrom(body)) }),
  "POST /advance": async (simulator, body) => {
    await simulator.advance(numberAt(body, "ms") ?? Number.NaN)
    return { now: simulator.now() }
  },
  "POST /reset": (simulator) => simulator.reset(),
}

const perform = async (simulator: Simulator, action: string, body: JsonObject): Promise<unknown> =>
  Object.hasOwn(actions, action) ? ((await actions[action]?.(simulator, body)) ?? {}) : undefined

/** `{name, rate?, pathPattern?, …options}`: with a rate it comes at random, without one it hits the next request. */
const arm = (simulator: Simulator, { name, rate, pathPattern, ...options }: JsonObject): void => {
  const known = faultNames.find((candidate) => candidate === name)
  if (known === undefined)
    throw new Error(`There is no fault named "${String(name)}". Known: ${faultNames.join(", ")}.`)
  const path = typeof pathPattern === "string" ? new RegExp(pathPattern) : stringAt(options, "path")
  armNamed(simulator, known, typeof rate === "number" ? rate : undefined, { ...options, path })
}

const armNamed = (
  simulator: Simulator,
  name: FaultName,
  rate: number | undefined,
  options: FaultOptions,
): void => {
  if (rate === undefined) simulator.faults.next(name, options)
  else simulator.faults.rate(name, rate, options)
}

const assetFrom = ({ base64, ...asset }: JsonObject) => ({
  ...asset,
  ...(typeof base64 === "string" ? { bytes: Buffer.from(base64, "base64") } : {}),
})
