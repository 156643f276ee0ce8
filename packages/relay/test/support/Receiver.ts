import { Callback } from "@scenario-automation/relay-contract"
import { Schema } from "effect"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { Webhook } from "standardwebhooks"
import { signingSecret } from "./settings.ts"

interface ReceivedCallback {
  readonly path: string
  readonly headers: IncomingMessage["headers"]
  readonly text: string
  readonly callback: Callback
  readonly id: string
}

type Behavior = number | "hang" | "reset" | ((response: ServerResponse) => void)

/** A receiver of callbacks that checks each signature unless its secret is empty. It answers 200 unless it was given something else to do. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly received: ReadonlyArray<ReceivedCallback>
  /** What the next requests get, one after another; the last one is repeated with `always`. */
  readonly next: (...behaviors: ReadonlyArray<Behavior>) => void
  readonly always: (behavior: Behavior) => void
  /** Resolves when this many have been received. */
  readonly waitFor: (count: number, timeoutMs?: number) => Promise<ReadonlyArray<ReceivedCallback>>
}

const decodeCallback = Schema.decodeUnknownSync(Callback)

export const startReceiver = async (secret = signingSecret): Promise<Receiver> => {
  const received: Array<ReceivedCallback> = []
  const behaviors: Array<Behavior> = []
  let otherwise: Behavior = 200
  const server = createServer((request, response) => {
    const chunks: Array<Uint8Array> = []
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk))
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8")
      const id = String(request.headers["webhook-id"])
      if (secret !== "") new Webhook(secret).verify(text, toFlat(request.headers))
      received.push({
        path: request.url ?? "",
        headers: request.headers,
        text,
        callback: decodeCallback(JSON.parse(text)),
        id,
      })
      behave(behaviors.shift() ?? otherwise, request, response)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    next: (...more) => void behaviors.push(...more),
    always: (behavior) => {
      otherwise = behavior
    },
    waitFor: async (count, timeoutMs = 20_000) => {
      await until(() => received.length >= count, timeoutMs)
      return received
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

const behave = (behavior: Behavior, request: IncomingMessage, response: ServerResponse): void => {
  if (typeof behavior === "number") response.writeHead(behavior).end()
  else if (behavior === "reset") request.socket.destroy()
  else if (behavior !== "hang") behavior(response)
}

const toFlat = (headers: IncomingMessage["headers"]): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** Waits for something that real sockets bring about. */
export const until = async (isTrue: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> => {
  const endAt = performance.now() + timeoutMs
  while (!(await isTrue())) {
    if (performance.now() > endAt) throw new Error(`not true within ${timeoutMs} ms: ${isTrue.toString()}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
}
