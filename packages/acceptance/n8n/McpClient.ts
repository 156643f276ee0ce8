import { setTimeout as sleep } from "node:timers/promises"

interface Answer {
  readonly result?: {
    readonly tools?: ReadonlyArray<{ readonly name: string }>
    readonly content?: ReadonlyArray<{ readonly text?: string }>
  }
  readonly error?: { readonly message: string }
}

/** A client of n8n's MCP Server Trigger, over streamable HTTP. */
export class McpClient {
  readonly #url: string
  readonly #session: string
  #requests = 1

  private constructor(url: string, session: string) {
    this.#url = url
    this.#session = session
  }

  /** Retries for a moment, because n8n registers a path shortly after the activation. */
  static async connect(url: string): Promise<McpClient> {
    for (let tries = 1; ; tries++) {
      const answer = await send(url, undefined, {
        jsonrpc: "2.0",
        id: 0,
        method: "initialize",
        params: hello,
      })
      const text = await answer.text()
      const session = answer.headers.get("mcp-session-id")
      if (answer.ok && session !== null) {
        await send(url, session, { jsonrpc: "2.0", method: "notifications/initialized" })
        return new McpClient(url, session)
      }
      if (tries === 20) throw new Error(`no MCP server answers: ${answer.status} ${text}`)
      await sleep(500)
    }
  }

  async toolNames(): Promise<ReadonlyArray<string>> {
    const { result } = await this.#ask("tools/list", {})
    return (result?.tools ?? []).map(({ name }) => name)
  }

  /** The text of a tool's result or error. */
  async call(name: string, given: object): Promise<string> {
    const { result, error } = await this.#ask("tools/call", { name, arguments: given })
    return error?.message ?? (result?.content ?? []).map(({ text }) => text ?? "").join("\n")
  }

  async #ask(method: string, params: object): Promise<Answer> {
    const id = this.#requests++
    const answer = await send(this.#url, this.#session, { jsonrpc: "2.0", id, method, params })
    const text = await answer.text()
    const line = text.split("\n").find((one) => one.startsWith("data:"))
    return JSON.parse(line?.slice("data:".length) ?? text)
  }
}

const hello = {
  protocolVersion: "2025-03-26",
  capabilities: {},
  clientInfo: { name: "tests", version: "1.0.0" },
}

const send = (url: string, session: string | undefined, body: object): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(session === undefined ? {} : { "mcp-session-id": session }),
    },
    body: JSON.stringify(body),
  })
