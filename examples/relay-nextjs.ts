// A Next.js route handler for the relay's callbacks, for a site whose functions end long before a video does.
//
// Save it as app/api/scenario/route.ts, and write your database into `saveResult`. A Server Action asks the relay for the video:
//
//   await fetch(`${process.env.RELAY_URL}/v1/generations`, {
//     method: "POST",
//     headers: { authorization: `Bearer ${process.env.RELAY_TOKEN}`, "content-type": "application/json" },
//     body: JSON.stringify({
//       accountId: "default",
//       generation: { model: videoModel, inputs: { prompt } },
//       maxCost: 200,
//       idempotencyKey: orderId, // paid once for each key
//       metadata: orderId,
//       callbackUrl: "https://www.example.com/api/scenario",
//       include: ["assets"],
//     }),
//   })
//
//   npm install standardwebhooks

import { Webhook } from "standardwebhooks"

export const POST = async (request: Request): Promise<Response> => {
  const body = await request.text()
  try {
    // Here, because `next build` imports this file without your secrets.
    new Webhook(process.env["RELAY_SIGNING_SECRET"] ?? "").verify(body, Object.fromEntries(request.headers))
  } catch {
    return new Response(null, { status: 401 })
  }
  const { type, data }: Callback = JSON.parse(body)
  const [job] = data.jobs
  const error = data.problem ?? job?.error
  await saveResult(data.metadata, {
    succeeded: type === "wait.succeeded",
    urls: job?.assets?.map(({ url }) => url) ?? [],
    message: error?.message,
  })
  // Only a 2xx accepts the callback: if saving throws, Next.js answers 500, and the relay sends it again.
  return new Response(null, { status: 204 })
}

interface Problem {
  readonly message: string
}

interface Callback {
  readonly type: "wait.succeeded" | "wait.failed" | "wait.expired" | "wait.uncertain"
  readonly data: {
    readonly metadata: string
    readonly problem?: Problem
    readonly jobs: ReadonlyArray<{
      readonly assets?: ReadonlyArray<{ readonly url: string }>
      readonly error?: Problem
    }>
  }
}

/** Replace it: a callback can arrive twice, so store it under the order's ID. */
const saveResult = async (orderId: string, result: object): Promise<void> => {
  console.log(orderId, JSON.stringify(result))
}
