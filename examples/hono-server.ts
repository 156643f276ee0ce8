// An HTTP server that generates pictures, with Hono.
//
// POST /pictures submits and answers at once. GET /pictures/<job ID> says whether the picture is ready. The server stores nothing:
// the job's ID is all that a client needs, also after a restart. A client that repeats a POST with the same Idempotency-Key gets
// the same job. Each picture is paid, so add your own authentication.
//
//   npm install hono @hono/node-server
//   node hono-server.ts

import { serve } from "@hono/node-server"
import { createScenario, isScenarioError } from "@scenario-automation/client"
import { Hono } from "hono"

const scenario = createScenario()
const app = new Hono()

app.post("/pictures", async (context) => {
  const { prompt } = await context.req.json<{ prompt: string }>()
  const { job } = await scenario.submit(
    { model: "model_bfl-flux-1-dev", inputs: { prompt } },
    { maxCost: 20, requestKey: context.req.header("idempotency-key") },
  )
  return context.json({ jobId: job.jobId }, 202)
})

app.get("/pictures/:jobId", async (context) => {
  const job = await scenario.jobs.get(context.req.param("jobId"))
  if (job.status !== "success") {
    return context.json({ status: job.status, progress: job.progress, error: job.error })
  }
  const assets = await scenario.resolve({ job, assetIds: job.assetIds })
  return context.json({ status: job.status, urls: assets.map((asset) => asset.url) })
})

app.onError((error, context) => {
  if (!isScenarioError(error)) return context.json({ message: "Internal error" }, 500)
  // A wrong input is the client's mistake. Messages contain no credentials.
  return context.json({ message: error.message }, error._tag === "InvalidInput" ? 400 : 502)
})

serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 3000) }, ({ port }) => {
  console.log(`http://localhost:${port}`)
})
