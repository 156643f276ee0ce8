import { createServer } from "node:http"
import { PgBoss } from "pg-boss"
import process from "node:process"

/**
 * The same work with pg-boss: one job per wait, which polls Scenario's job, and sends itself again after a fixed pause or posts the
 * callback. It accepts waits over HTTP when they are stored.
 */
interface Wait {
  readonly apiKey: string
  readonly jobId: string
  readonly callbackUrl: string
}

const queue = "wait"
const pauseSeconds = 3
const apiUrl = process.env["API_URL"] ?? ""

const boss = new PgBoss({
  connectionString: process.env["DATABASE_URL"] ?? "",
  monitorIntervalSeconds: 5,
  superviseIntervalSeconds: 5,
})
boss.on("error", (error) => console.error(error))
await boss.start()
// A job that a dead process holds is tried again after 15 s.
await boss.createQueue(queue, { expireInSeconds: 15, retryLimit: 20, retryDelay: 1 })

const isDone = async ({ apiKey, jobId }: Wait): Promise<boolean> => {
  const authorization = `Basic ${Buffer.from(`${apiKey}:secret`).toString("base64")}`
  const response = await fetch(`${apiUrl}/jobs/${jobId}`, { headers: { authorization } })
  const { job }: { readonly job?: { readonly status?: string } } = JSON.parse(await response.text())
  return job?.status === "success"
}

const post = async ({ jobId, callbackUrl }: Wait): Promise<boolean> => {
  const response = await fetch(callbackUrl, {
    method: "POST",
    body: JSON.stringify({ jobId, status: "success" }),
    headers: { "content-type": "application/json" },
    signal: AbortSignal.timeout(15_000),
  })
  await response.body?.cancel()
  return response.ok
}

await boss.work<Wait>(
  queue,
  { batchSize: 50, localConcurrency: 4, pollingIntervalSeconds: 0.5 },
  async (jobs) => {
    const unfinished = await Promise.all(
      jobs.map(async ({ data }) => {
        const isOver = await isDone(data)
          .then(async (done) => done && (await post(data)))
          .catch(() => false)
        return isOver ? [] : [{ data, startAfter: pauseSeconds }]
      }),
    )
    await boss.insert(queue, unfinished.flat())
  },
)

const server = createServer((request, response) => {
  const chunks: Array<Uint8Array> = []
  request.on("data", (chunk: Uint8Array) => chunks.push(chunk))
  request.on("end", () => {
    const wait: Wait = JSON.parse(Buffer.concat(chunks).toString("utf8"))
    boss.send(queue, wait).then(
      (id) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id })),
      () => response.writeHead(503).end(),
    )
  })
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }))
})
