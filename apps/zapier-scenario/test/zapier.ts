import { type Simulator, type SimulatorOptions, startSimulator } from "@scenario-automation/simulator"
import { once } from "node:events"
import { createServer, type IncomingMessage, type Server } from "node:http"
import { text } from "node:stream/consumers"
import zapier from "zapier-platform-core"
import app from "../src/index.ts"
import { MovedTime } from "./MovedTime.ts"

interface ZapierRequest {
  readonly path: string
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

/** Zapier's servers as an app uses them: for logs, stored files, and RPC calls. */
interface ZapierStandIn extends AsyncDisposable {
  readonly origin: string
  readonly requests: Array<ZapierRequest>
  readonly logs: () => string
  readonly stashed: () => Array<string>
}

const startZapier = async (): Promise<ZapierStandIn> => {
  const requests: Array<ZapierRequest> = []
  let cursor: unknown = null
  const rpcResult = (method: unknown, params: ReadonlyArray<unknown>): unknown => {
    if (method === "set_cursor") cursor = params[0]
    if (method === "get_cursor") return cursor
    return method === "get_presigned_upload_post_data"
      ? { url: `${origin}/s3`, fields: { key: "a-file" } }
      : null
  }
  const server = createServer((request, response) => {
    void (async () => {
      const body = await read(request)
      const path = request.url ?? ""
      requests.push({ path, headers: request.headers, body })
      if (path.startsWith("/rpc")) {
        const { id, method, params } = JSON.parse(body)
        response.setHeader("content-type", "application/json")
        response.end(JSON.stringify({ id, result: rpcResult(method, params) }))
      } else response.writeHead(path.startsWith("/s3") ? 204 : 200).end()
      // The app may still be writing its log when a test ends.
    })().catch(() => response.destroy())
  })
  const origin = await listen(server)
  return {
    origin,
    requests,
    logs: () => getBodies(requests, "/log").join("\n"),
    stashed: () => getBodies(requests, "/s3"),
    [Symbol.asyncDispose]: () => shut(server),
  }
}

const getBodies = (requests: ReadonlyArray<ZapierRequest>, path: string) =>
  requests.filter((request) => request.path.startsWith(path)).map(({ body }) => body)

/** Files are read as latin1, which keeps their bytes. */
const read = async (request: IncomingMessage): Promise<string> => {
  if (!request.url?.startsWith("/s3")) return text(request)
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("latin1")
}

export const listen = async (server: Server): Promise<string> => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return `http://127.0.0.1:${address.port}`
}

export const shut = async (server: Server): Promise<void> => {
  const closed = once(server, "close")
  server.close()
  server.closeAllConnections()
  await closed
}

interface Answer {
  readonly results: unknown
  readonly status?: string | undefined
}

/** Zapier's Lambda handler, which is missing from its typings. */
type Handler = (event: Record<string, unknown>) => Promise<Answer>

export interface World extends AsyncDisposable {
  readonly simulator: Simulator
  readonly zapier: ZapierStandIn
  readonly call: (method: string, bundle?: Record<string, unknown>) => Promise<Answer>
  readonly run: (event: Record<string, unknown>) => Promise<Answer>
  readonly sleep: (milliseconds: number) => Promise<void>
}

export interface WorldOptions extends SimulatorOptions {
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/** A simulator, a Zapier, and the app between them, in virtual time. */
export const startWorld = async ({ environment = {}, ...options }: WorldOptions = {}): Promise<World> => {
  const time = new MovedTime()
  const simulator = await startSimulator({ pictures: "plain", ...options })
  const standIn = await startZapier()
  const handler: Handler = Reflect.get(zapier, "createAppHandler")(app)
  const run = (event: Record<string, unknown>) => {
    const running = handler({
      token: "t",
      rpc_base: `${standIn.origin}/rpc`,
      storeKey: "k",
      callback_url: "https://hooks.example/callback/c1",
      zcacheTestObj: {},
      environment: {
        LOGGING_ENDPOINT: `${standIn.origin}/log`,
        SCENARIO_BASE_URL: simulator.baseUrl,
        ...environment,
      },
      ...event,
    })
    return time.during(running)
  }
  const authData = { apiKey: simulator.apiKey, apiSecret: simulator.apiSecret }
  return {
    simulator,
    zapier: standIn,
    run,
    call: (method, bundle = {}) =>
      run({ command: "execute", method, bundle: { authData, meta: {}, ...bundle } }),
    sleep: (milliseconds) => time.sleep(milliseconds),
    [Symbol.asyncDispose]: async () => {
      time[Symbol.dispose]()
      await simulator.close()
      await standIn[Symbol.asyncDispose]()
    },
  }
}

export const at = (value: unknown, ...path: ReadonlyArray<string | number>): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  )

export const getKeys = (value: unknown): ReadonlyArray<string> =>
  typeof value === "object" && value !== null ? Object.keys(value) : []

/** How a step fails: the error's name decides what Zapier does with the Zap. */
export const catchFailure = async (running: Promise<unknown>): Promise<{ name: string; message: string }> => {
  try {
    await running
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message }
  }
  throw new Error("It didn't fail")
}

export const generate = (inputData: Record<string, unknown>) => ({
  inputData: { model: "model_canvas-image-2", in_prompt: "a red house", ...inputData },
})
export const performGenerate = "creates.generate_asset.operation.perform"

export const getAssetUrl = ({ simulator }: World): string => {
  const url = simulator.assets()[0]?.["url"]
  if (typeof url !== "string") throw new Error("There is no asset")
  return url
}
