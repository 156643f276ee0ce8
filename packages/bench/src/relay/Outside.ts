import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import { InMemoryApi } from "../world/InMemoryApi.ts"

export const accountIds = Array.from({ length: 12 }, (_, index) => `customer-${index}`)

/** A job of an account, and where its callback goes. */
export interface PlannedWait {
  readonly accountId: string
  readonly jobId: string
  readonly callbackUrl: string
  readonly endsAt: number
}

/** Scenario's API with one project per account, and a receiver, over real sockets. */
export interface Outside extends AsyncDisposable {
  readonly apiUrl: string
  /** A job that ends at this time. Epoch milliseconds. */
  readonly add: (accountId: string, endsAt: number) => PlannedWait
  /** When the callback of each wait arrived first. Epoch milliseconds. */
  readonly getCallbackTime: (wait: PlannedWait) => number | undefined
  /** Callbacks beyond the first of each wait. */
  readonly countRepeats: () => number
  readonly countApiRequests: () => number
}

export const startOutside = async (): Promise<Outside> => {
  const apis = new Map(
    accountIds.map((accountId) => [
      accountId,
      new InMemoryApi({ now: Date.now, sleep: () => Promise.resolve() }),
    ]),
  )
  const arrivals = new Map<string, number>()
  let repeats = 0
  let planned = 0

  const api = await listen((request, response) => {
    const [, credential = ""] = (request.headers.authorization ?? "").split(" ")
    const [accountId = ""] = Buffer.from(credential, "base64").toString("utf8").split(":")
    const found = apis.get(accountId)
    request.resume()
    if (found === undefined) return void response.writeHead(401).end("{}")
    found.fetch(`http://api${request.url ?? "/"}`).then(
      async (answer) =>
        response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text()),
      () => response.destroy(),
    )
  })
  const receiver = await listen((request, response) => {
    const path = request.url ?? ""
    request.resume()
    request.once("end", () => {
      if (arrivals.has(path)) repeats += 1
      else arrivals.set(path, Date.now())
      response.writeHead(204).end()
    })
  })

  return {
    apiUrl: `${api.url}/v1`,
    add: (accountId, endsAt) => {
      const jobId =
        apis.get(accountId)?.add({ modelId: "model_bench", durationMs: endsAt - Date.now() }) ?? ""
      return { accountId, jobId, endsAt, callbackUrl: `${receiver.url}/${(planned += 1)}` }
    },
    getCallbackTime: ({ callbackUrl }) => arrivals.get(new URL(callbackUrl).pathname),
    countRepeats: () => repeats,
    countApiRequests: () => [...apis.values()].reduce((sum, { requests }) => sum + requests, 0),
    [Symbol.asyncDispose]: async () => {
      api.close()
      receiver.close()
    },
  }
}

const listen = async (answer: RequestListener) => {
  const server = createServer(answer).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
