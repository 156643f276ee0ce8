// A Cloudflare Worker that answers a prompt with a picture. It needs no nodejs_compat.
//
// Each request is paid, so add your own authentication.
//
//   npx wrangler deploy cloudflare-worker.ts --name pictures --compatibility-date 2026-01-01
//   npx wrangler secret put SCENARIO_SDK_API_KEY --name pictures
//   npx wrangler secret put SCENARIO_SDK_API_SECRET --name pictures
//   curl --data "a red house by the sea" https://pictures.….workers.dev --output house.png

import { createScenario, isScenarioError, type Scenario } from "@scenario-automation/client"

interface Env {
  readonly SCENARIO_SDK_API_KEY: string
  readonly SCENARIO_SDK_API_SECRET: string
  /** Only set to try it with the simulator. */
  readonly SCENARIO_BASE_URL?: string
}

// One client serves all requests of this Worker.
let scenario: Scenario | undefined

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== "POST") return new Response("POST a prompt\n", { status: 405 })
    scenario ??= createScenario({
      apiKey: env.SCENARIO_SDK_API_KEY,
      apiSecret: env.SCENARIO_SDK_API_SECRET,
      baseUrl: env.SCENARIO_BASE_URL,
    })
    try {
      const { assets } = await scenario.generate(
        { model: "model_openai-gpt-image-2", inputs: { prompt: await request.text() } },
        { maxCost: 20, timeoutMs: 120_000 },
      )
      const [picture] = assets
      if (picture === undefined) return new Response("no picture\n", { status: 502 })
      // Streamed: the Worker never holds the whole file.
      return new Response(toStream(scenario.download(picture)), {
        headers: { "content-type": picture.mimeType },
      })
    } catch (error) {
      if (!isScenarioError(error)) throw error
      return new Response(`${error.message}\n`, { status: error._tag === "InvalidInput" ? 400 : 502 })
    }
  },
}

const toStream = (chunks: AsyncIterator<Uint8Array, unknown>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      const next = await chunks.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await chunks.return?.()
    },
  })
