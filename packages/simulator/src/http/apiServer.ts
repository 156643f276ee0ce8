import { randomUUID } from "node:crypto"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { ActiveFault } from "../Faults.ts"
import type { Json } from "../json.ts"
import { routes } from "../routes/routes.ts"
import type { World } from "../world/World.ts"
import { classifyAuthorization, getAuthorizationRefusal, getRateRefusal } from "./admission.ts"
import { sendResponse } from "./sendResponse.ts"
import { changeBody, toJsonReply, type RawReply, getRejection, corruptText } from "./applyFault.ts"
import { Exchange, type ApiResponse } from "./Exchange.ts"
import { toLoggedHeaders } from "./toLoggedHeaders.ts"
import { maxBodyBytes, readBody } from "./readBody.ts"
import { refuseAtGateway, refuse, Refusal } from "./Refusal.ts"
import { checkQuery, findRoute } from "./Route.ts"

interface ApiRequest {
  readonly world: World
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly index: number
  readonly requestId: string
  readonly authorization: "none" | "valid" | "invalid"
  readonly faults: ReadonlyArray<ActiveFault>
}

/** The server of the API. `control` handles requests below `/_simulator/`. */
export const createApiServer = (
  world: () => World,
  control: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>,
): Server =>
  createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://simulator")
    const responding = url.pathname.startsWith("/_simulator/")
      ? control(request, response, url)
      : respond(world(), request, response, url)
    // A closed connection isn't an error of the simulator.
    responding.catch((error: unknown) => {
      if (response.destroyed || request.destroyed) return
      if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" })
      response.end(JSON.stringify({ message: `The simulator failed: ${String(error)}` }))
    })
  })

const respond = async (
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> => {
  const method = request.method ?? "GET"
  const authorization = classifyAuthorization(world, request.headers.authorization)
  const index = world.log.addRequest({
    at: world.clock.now(),
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    origin: "api",
    authorization,
    headers: toLoggedHeaders(request.headers),
  })
  const isDryRun = ["true", "api"].includes(url.searchParams.get("dryRun") ?? "")
  const faults = world.faults.take({ origin: "api", method, path: url.pathname, isDryRun })
  for (const fault of faults) world.log.addFault(index, fault.name)
  const requestId = randomUUID()
  const apiRequest: ApiRequest = { world, request, response, url, index, requestId, authorization, faults }

  const bytes = await readBody(request, maxBodyBytes)
  const body = bytes === undefined ? undefined : parseJson(bytes)
  if (bytes !== undefined && body !== undefined) world.log.setBody(index, body, bytes.toString("utf8"))
  for (const fault of faults) {
    const rejected = getRejection(fault, world.clock.now(), requestId)
    if (rejected?.kind === "hang") return
    if (rejected?.kind === "reset") return resetConnection(request)
    if (rejected?.kind === "answer") return send(apiRequest, rejected.reply)
  }

  const accepted = await accept(apiRequest, bytes, body)
  if (accepted.status < 300) {
    if (faults.some((fault) => fault.name === "lost-response")) return resetConnection(request)
    const lost = faults.find((fault) => fault.name === "lost-response-then-5xx")
    if (lost !== undefined) return send(apiRequest, lostReply(lost.options.status ?? 500))
  }
  const changed = faults.reduce((response, fault) => changeBody(response, fault, world), accepted)
  const reply = faults.reduce(corruptText, toJsonReply(changed.status, changed.body, changed.headers))
  return send(apiRequest, reply)
}

const lostReply = (status: number): RawReply =>
  status === 502
    ? { status, contentType: "text/html", text: "<html><h1>502 Bad Gateway</h1></html>", headers: {} }
    : toJsonReply(status, {
        message: status === 504 ? "Endpoint request timed out" : "Internal server error",
      })

const resetConnection = (request: IncomingMessage): void => {
  request.socket.resetAndDestroy()
}

const send = async (
  { world, response, faults, index, requestId, request }: ApiRequest,
  reply: RawReply,
): Promise<void> => {
  world.log.setStatus(index, reply.status)
  const skew = faults.find((fault) => fault.name === "clock-skew")
  const skewMs = skew === undefined ? 0 : (skew.options.skewMs ?? 300_000)
  const headers = {
    ...reply.headers,
    "content-type": reply.contentType,
    date: new Date(world.clock.now() + skewMs).toUTCString(),
    "x-request-id": requestId,
  }
  const bytes = request.method === "HEAD" ? Buffer.alloc(0) : Buffer.from(reply.text)
  await sendResponse(response, { status: reply.status, headers }, bytes, faults, world.clock)
}

/** The application's response, also if it refuses the request. */
const accept = async (
  apiRequest: ApiRequest,
  bytes: Buffer | undefined,
  body: Json | undefined,
): Promise<ApiResponse> => {
  try {
    return await dispatch(apiRequest, bytes, body)
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body, headers: error.headers }
    throw error
  }
}

const dispatch = async (
  apiRequest: ApiRequest,
  bytes: Buffer | undefined,
  body: Json | undefined,
): Promise<ApiResponse> => {
  const { world, request, url, index, authorization, faults } = apiRequest
  const refusal = getAuthorizationRefusal(authorization) ?? getRateRefusal(world)
  if (refusal !== undefined) throw refusal
  if (bytes === undefined) throw refuseAtGateway(413, "Request Too Long")

  const path = url.pathname.startsWith("/v1/") ? url.pathname.slice(3) : undefined
  const method = request.method ?? "GET"
  const match = path === undefined ? undefined : findRoute(routes, method, path)
  // The API gateway's response to an unknown path, with or without credentials.
  if (path === undefined || match === undefined) {
    world.log.addViolation(index, `there is no ${method} ${url.pathname}`)
    throw refuseAtGateway(403, "Missing Authentication Token")
  }
  if (bytes.length > 0) {
    if (!(request.headers["content-type"] ?? "").startsWith("application/json")) {
      world.log.addViolation(index, "a body without content-type application/json")
    }
    if (body === undefined) {
      world.log.addViolation(index, "a body that isn't JSON")
      throw refuse(400, "The body is not valid JSON")
    }
  }
  const exchange = new Exchange({
    world,
    method,
    path,
    query: url.searchParams,
    body,
    faults,
    requestIndex: index,
  })
  checkQuery(exchange, match.route.query)
  return match.route.handle(exchange, match.parameters)
}

/** `undefined` if the bytes aren't JSON. */
const parseJson = (bytes: Buffer): Json | undefined => {
  try {
    return JSON.parse(bytes.toString("utf8"))
  } catch {
    return undefined
  }
}
