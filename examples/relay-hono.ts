// A server with Hono that submits by itself, and lets the relay wait.
//
// This process needs the API key, but doesn't have to run while the job does: the relay posts the result to /scenario when the job has
// ended. If this process ends between the two requests, the client repeats its POST with the same Idempotency-Key: the same job is
// found, and paid once.
//
//   npm install @scenario-automation/client hono @hono/node-server standardwebhooks
//   export RELAY_URL=http://localhost:8787 RELAY_TOKEN=… RELAY_SIGNING_SECRET=whsec_… PUBLIC_URL=https://app.example.com
//   node relay-hono.ts

import { serve } from "@hono/node-server"
import { createScenario } from "@scenario-automation/client"
import { Hono } from "hono"
import { Webhook } from "standardwebhooks"

const { RELAY_URL = "", RELAY_TOKEN = "", RELAY_SIGNING_SECRET = "", PUBLIC_URL = "" } = process.env
const scenario = createScenario()
const webhook = new Webhook(RELAY_SIGNING_SECRET)

/** Your database: the result of each job. */
const results = new Map<string, object>()

const app = new Hono()

app.post("/pictures", async (context) => {
  const { prompt } = await context.req.json<{ prompt: string }>()
  const { job } = await scenario.submit(
    { model: "model_bfl-flux-1-dev", inputs: { prompt } },
    { maxCost: 20, requestKey: context.req.header("idempotency-key") },
  )
  const asked = await fetch(`${RELAY_URL}/v1/waits`, {
    method: "POST",
    headers: { authorization: `Bearer ${RELAY_TOKEN}`, "content-type": "application/json" },
    // The same wait twice is one wait.
    body: JSON.stringify({
      accountId: "default",
      jobIds: [job.jobId],
      callbackUrl: `${PUBLIC_URL}/scenario`,
      include: ["assets"],
    }),
  })
  return asked.ok ? context.json({ jobId: job.jobId }, 202) : context.json(await asked.json(), 502)
})

app.post("/scenario", async (context) => {
  const body = await context.req.text()
  try {
    webhook.verify(body, context.req.header())
  } catch {
    return context.body(null, 401)
  }
  for (const job of JSON.parse(body).data.jobs) results.set(job.jobId, job)
  return context.body(null, 204)
})

app.get("/pictures/:jobId", (context) =>
  context.json(results.get(context.req.param("jobId")) ?? { status: "waiting" }),
)

serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 3000) }, ({ port }) => {
  console.log(`http://localhost:${port}`)
})
