import type { IncomingMessage, ServerResponse } from "node:http"
import { checkBody } from "../contract/checkBody.ts"
import type { Fields } from "../contract/endpoints/Field.ts"
import { parseFaultName } from "../Faults.ts"
import { isJsonObject, type JsonObject, readNumber, readString } from "../json.ts"
import type { ExternalAsset, Simulator } from "../Simulator.ts"
import { advanceFields, assetFields, faultFields, jobFields, planFields } from "./controlFields.ts"
import { maxBodyBytes, readBody } from "./readBody.ts"

/** The controls of the simulator over HTTP: `/_simulator/…`, with JSON and without credentials. */
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
      reply(404, { message: `Unknown control ${action}. Known: ${Object.keys(actions).join(", ")}.` })
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
  "POST /plan": (simulator, body) => simulator.planNextJob(checkFields(body, planFields)),
  "POST /jobs": (simulator, body) => ({ jobId: simulator.addJob(checkFields(body, jobFields)) }),
  "POST /assets": (simulator, body) => ({
    assetId: simulator.addAsset(toExternalAsset(checkFields(body, assetFields))),
  }),
  "POST /advance": async (simulator, body) => {
    await simulator.advance(readNumber(checkFields(body, advanceFields), "ms") ?? 0)
    return { now: simulator.now() }
  },
  "POST /reset": (simulator) => simulator.reset(),
}

const perform = async (simulator: Simulator, action: string, body: JsonObject): Promise<unknown> =>
  Object.hasOwn(actions, action) ? ((await actions[action]?.(simulator, body)) ?? {}) : undefined

/** Returns the body if each member is known and has the right type. */
const checkFields = (body: JsonObject, fields: Fields): JsonObject => {
  const { problems, unknown } = checkBody(body, fields)
  const problem = problems[0] ?? (unknown[0] === undefined ? undefined : `"${unknown[0]}" is unknown`)
  if (problem !== undefined) throw new Error(`${problem}. Known: ${Object.keys(fields).join(", ")}.`)
  return body
}

/** `{name, rate?, pathPattern?, …options}`. Without a rate, the fault hits the next request. */
const arm = (simulator: Simulator, body: JsonObject): void => {
  const name = parseFaultName(readString(body, "name") ?? "")
  const { name: _name, rate, pathPattern, ...options } = checkFields(body, faultFields)
  const path = typeof pathPattern === "string" ? new RegExp(pathPattern) : readString(options, "path")
  if (typeof rate === "number") simulator.faults.rate(name, rate, { ...options, path })
  else simulator.faults.next(name, { ...options, path })
}

const toExternalAsset = ({ base64, ...asset }: JsonObject): ExternalAsset => ({
  ...asset,
  ...(typeof base64 === "string" ? { bytes: Buffer.from(base64, "base64") } : {}),
})
