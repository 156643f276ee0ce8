import { once } from "node:events"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"

/** A scripted response; `reset` closes the connection instead. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string | Uint8Array
  readonly reset?: boolean
}

export interface Asked {
  readonly method: string
  readonly path: string
}

/**
 * The responses to a request: one, or several in order, of which the last is repeated. `{origin}` in a body becomes the
 * API's own origin.
 */
export type Script = Readonly<Record<string, Answer | ReadonlyArray<Answer>>>

/**
 * An API that has only Scenario's paths: it answers with what a test has scripted, for responses that the simulator and
 * its faults can't produce.
 */
export class HostileApi implements AsyncDisposable {
  readonly #server: Server
  readonly #origin: string
  readonly baseUrl: string
  #script: Script = {}
  #asked: Array<Asked> = []

  private constructor(server: Server, port: number) {
    this.#server = server
    this.#origin = `http://127.0.0.1:${port}`
    this.baseUrl = `${this.#origin}/v1`
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      request.resume()
      request.on("end", () => this.#answer(request, response))
    })
  }

  static async start(): Promise<HostileApi> {
    const server = createServer().listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("the hostile API has no port")
    return new HostileApi(server, address.port)
  }

  /** Sets the responses from now on, by keys such as `GET /jobs/job_1`, and clears the counts. */
  play(script: Script): void {
    this.#script = script
    this.#asked = []
  }

  /** The number of requests with this key. */
  count(what: string): number {
    return this.#asked.filter(({ method, path }) => `${method} ${path}` === what).length
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url = "" } = request
    const path = url.replace(/\?.*$/, "").replace(/^\/v1/, "")
    const key = `${method} ${path}`
    this.#asked.push({ method, path })
    const all = [this.#script[key] ?? []].flat()
    const unknown: Answer = { status: 404, body: { reason: `nothing is written for ${key}` } }
    const answer = all[Math.min(this.count(key), all.length) - 1] ?? unknown
    if (answer.reset === true) {
      response.socket?.resetAndDestroy()
      return
    }
    const isJson = typeof answer.body === "object" && !(answer.body instanceof Uint8Array)
    response.writeHead(answer.status ?? 200, {
      ...(isJson ? { "content-type": "application/json" } : {}),
      ...answer.headers,
    })
    // A body shorter than its Content-Length ends with the connection.
    if (answer.headers?.["content-length"] !== undefined)
      response.on("finish", () => request.socket.destroy())
    response.end(isJson ? JSON.stringify(answer.body).replaceAll("{origin}", this.#origin) : answer.body)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, "close")
  }
}
