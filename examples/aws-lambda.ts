// An AWS Lambda function that makes the picture of an order. Invoke it with --invocation-type Event.
//
// Lambda repeats such an event if the function failed or ran out of time, after a minute. Because of `requestKey`, the repetition
// resumes the order's job instead of paying again. Don't send two events of one order within the same few seconds: the second
// can't see the job of the first yet.
//
// Set SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET, and a timeout of some minutes. Bundle it into one file:
//
//   npx esbuild aws-lambda.ts --bundle --platform=node --format=esm --outfile=index.mjs

import { createScenario } from "@scenario-automation/client"

interface Order {
  readonly orderId: string
  readonly prompt: string
}

/** The part of Lambda's context that is used here. */
interface Context {
  getRemainingTimeInMillis(): number
}

// Outside of the handler, so that all events of this instance share its request budget.
const scenario = createScenario()

/** For the answer before Lambda ends the function. Milliseconds. */
const reserve = 5_000

export const handler = async ({ orderId, prompt }: Order, context: Context) => {
  const { job, assets, cost } = await scenario.generate(
    { model: "model_bfl-flux-1-dev", inputs: { prompt } },
    {
      maxCost: 20,
      requestKey: `order ${orderId}`,
      // Ends with an error before Lambda does, so that the log has the job's ID. The job continues.
      totalTimeoutMs: Math.max(0, context.getRemainingTimeInMillis() - reserve),
    },
  )
  return { orderId, jobId: job.jobId, cost, urls: assets.map((asset) => asset.url) }
}
