// A Next.js route handler that generates a picture and streams its progress to the browser.
//
// Save it as app/api/pictures/route.ts, and add your own authentication. POST submits. GET with the job's ID sends an event for
// each change of the job, and ends with the URLs of its files. In the page:
//
//   const events = new EventSource(`/api/pictures?job=${jobId}`)
//   events.addEventListener("done", ({ data }) => (events.close(), show(JSON.parse(data).urls)))
//   events.addEventListener("failed", ({ data }) => (events.close(), alert(JSON.parse(data).message)))
//
// If the connection ends before that, the browser connects again, and the wait continues.

import { createScenario, type Scenario } from "@scenario-automation/client"

/** Seconds. After this time the platform ends a GET. */
export const maxDuration = 60

// Created by the first request: `next build` also imports this file, without your key.
let scenario: Scenario | undefined
const getScenario = (): Scenario => (scenario ??= createScenario())

export const POST = async (request: Request): Promise<Response> => {
  // The page creates `key` once for each click, so a repeated request isn't paid twice.
  const form = await request.formData()
  const [prompt, key] = [form.get("prompt"), form.get("key")]
  if (typeof prompt !== "string" || typeof key !== "string") {
    return Response.json({ message: "Send prompt and key." }, { status: 400 })
  }
  const { job } = await getScenario().submit(
    { model: "model_bfl-flux-1-dev", inputs: { prompt } },
    { maxCost: 20, requestKey: key },
  )
  return Response.json({ jobId: job.jobId }, { status: 202 })
}

export const GET = (request: Request): Response => {
  const jobId = new URL(request.url).searchParams.get("job") ?? ""

  const makeEvents = async function* () {
    try {
      // If the browser leaves, the signal ends the wait. The job continues.
      for await (const { _tag, job } of getScenario().watch(jobId, { signal: request.signal })) {
        yield toEvent("progress", { status: job.status, progress: job.progress })
        if (_tag !== "JobSucceeded") continue
        const assets = await getScenario().resolve({ job, assetIds: job.assetIds })
        yield toEvent("done", { urls: assets.map((asset) => asset.url) })
      }
    } catch (error) {
      yield toEvent("failed", { message: error instanceof Error ? error.message : String(error) })
    }
  }

  return new Response(toStream(makeEvents()), { headers: { "content-type": "text/event-stream" } })
}

const toEvent = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

const toStream = (events: AsyncGenerator<string, void>): ReadableStream<Uint8Array> =>
  new ReadableStream<string>({
    async pull(controller) {
      const next = await events.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
  }).pipeThrough(new TextEncoderStream())
