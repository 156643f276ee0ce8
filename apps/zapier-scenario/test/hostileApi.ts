import { createServer, type ServerResponse } from "node:http"
import { text } from "node:stream/consumers"
import { expect } from "vitest"
import { catchFailure, listen, shut, startWorld } from "./zapier.ts"

export type Answer =
  | "reset"
  | "hang"
  /** The body breaks off in the middle. */
  | "cut"
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }

/** By method and path, without `/v1` and the query. Other requests get a good response. */
export type Script = Readonly<Record<string, Answer | ReadonlyArray<Answer>>>

export interface HostileApi extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>
  readonly asked: Array<string>
  readonly submits: () => number
}

const good: Script = {
  "GET /models/model_a": {
    body: {
      model: { id: "model_a", custom: true, inputs: [{ name: "prompt", type: "string" }, { type: 7 }, "x"] },
    },
  },
  "POST /generate/custom/model_a": { body: { job: { jobId: "job_a", status: "queued" } } },
  "GET /jobs/job_a": {
    body: { job: { jobId: "job_a", status: "success", metadata: { assetIds: ["asset_a"] } } },
  },
  "GET /jobs": { body: { jobs: [] } },
  "GET /assets/asset_a": {
    body: { asset: { id: "asset_a", url: "https://cdn.example/a", mimeType: "image/png", kind: "image" } },
  },
}

const startHostileApi = async (script: Script): Promise<HostileApi> => {
  const asked: Array<string> = []
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const what = `${request.method} ${(request.url ?? "").replace(/^\/v1|\?.*$/g, "")}`
    const count = counts.get(what) ?? 0
    asked.push(what)
    counts.set(what, count + 1)
    const planned = script[what] ?? good[what] ?? { status: 404, body: { reason: "not here" } }
    const answer = Array.isArray(planned) ? (planned[count] ?? planned.at(-1)) : planned
    // The request is read first, so that a reset means that it was received.
    void text(request).then(() => give(answer, response))
  })
  const origin = await listen(server)
  return {
    environment: { SCENARIO_BASE_URL: `${origin}/v1` },
    asked,
    submits: () => asked.filter((what) => what.includes("/generate/")).length,
    [Symbol.asyncDispose]: () => shut(server),
  }
}

const give = (answer: Answer, response: ServerResponse): void => {
  if (answer === "hang") return
  if (answer === "reset") return void response.socket?.resetAndDestroy()
  if (answer === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "500" })
    response.write('{"job": {"jobId": ')
    setImmediate(() => response.socket?.destroy())
    return
  }
  const { status = 200, headers = {}, body = {} } = answer
  const type = typeof body === "string" ? "text/html" : "application/json"
  response.writeHead(status, { "content-type": type, ...headers })
  response.end(typeof body === "string" ? body : JSON.stringify(body))
}

/** Zapier's limit is 30 s, which includes its own start. */
const inTimeMs = 28_000

/** Runs a method against a scripted API, and expects it to end within Zapier's time. */
export const runAgainst = async (script: Script, method: string, bundle: Record<string, unknown> = {}) => {
  await using api = await startHostileApi(script)
  await using world = await startWorld({ environment: api.environment })
  const startedAt = performance.now()
  const ended = await world.call(method, bundle).then(
    (answer) => ({ results: answer.results, name: answer.status, message: "" }),
    async (error: unknown) => ({ results: undefined, ...(await catchFailure(Promise.reject(error))) }),
  )
  const tookMs = performance.now() - startedAt
  expect(tookMs).toBeLessThan(inTimeMs)
  return { ...ended, tookMs, asked: api.asked, submits: api.submits() }
}
