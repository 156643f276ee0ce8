// A server with Express that lets the relay submit and wait.
//
// POST /pictures asks the relay for a picture, and answers at once. When the picture is there, or can't be made, the relay posts the
// result to /scenario, signed, until this server accepts it. So a restart of either loses nothing.
//
//   npm install express standardwebhooks
//   export RELAY_URL=http://localhost:8787 RELAY_TOKEN=… RELAY_SIGNING_SECRET=whsec_… PUBLIC_URL=https://app.example.com
//   node relay-express.ts

import express from "express"
import { Webhook } from "standardwebhooks"

const { RELAY_URL = "", RELAY_TOKEN = "", RELAY_SIGNING_SECRET = "", PUBLIC_URL = "" } = process.env
const webhook = new Webhook(RELAY_SIGNING_SECRET)

/** Your database: what is known of each order. */
const orders = new Map<string, object>()

const app = express()

app.post("/pictures", express.json(), async (request, response) => {
  const { orderId, prompt }: { readonly orderId: string; readonly prompt: string } = request.body
  const asked = await fetch(`${RELAY_URL}/v1/generations`, {
    method: "POST",
    headers: { authorization: `Bearer ${RELAY_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({
      accountId: "default",
      generation: { model: "model_bfl-flux-1-dev", inputs: { prompt } },
      maxCost: 20,
      // The relay pays once for each key, no matter how often this request is repeated.
      idempotencyKey: orderId,
      metadata: orderId,
      callbackUrl: `${PUBLIC_URL}/scenario`,
      include: ["assets"],
    }),
  })
  if (!asked.ok) return void response.status(502).json(await asked.json())
  orders.set(orderId, orders.get(orderId) ?? { status: "waiting" })
  response.status(202).json({ orderId })
})

app.post("/scenario", express.text({ type: "application/json" }), (request, response) => {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  try {
    webhook.verify(request.body, Object.fromEntries(headers))
  } catch {
    return void response.sendStatus(401)
  }
  const { type, data } = JSON.parse(request.body)
  // A callback can arrive twice. Storing the same result again changes nothing.
  orders.set(data.metadata, { status: type, jobs: data.jobs, problem: data.problem })
  response.sendStatus(204)
})

app.get("/pictures/:orderId", (request, response) => {
  response.json(orders.get(request.params.orderId) ?? { status: "unknown" })
})

const port = Number(process.env["PORT"] ?? 3000)
app.listen(port, () => console.log(`http://localhost:${port}`))
