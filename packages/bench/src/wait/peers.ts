import { createHttpPoller } from "@azure/core-lro"
import { createFalClient } from "@fal-ai/client"
import { createWaiter, WaiterState } from "@smithy/util-waiter"
import retryAsync from "async-retry"
import pRetry from "p-retry"
import pWaitFor from "p-wait-for"
import Replicate from "replicate"

/** One look at the job: whether it has ended. */
type Look = () => Promise<boolean>

/** What people would use instead. `wait` ends when the job was seen to have ended, or fails. */
export interface Peer {
  readonly name: string
  readonly wait: (look: Look, sleep: (ms: number) => Promise<void>) => Promise<unknown>
}

/** A loop with a fixed interval, as a person writes it. */
const handLoop =
  (seconds: number): Peer["wait"] =>
  async (look, sleep) => {
    while (!(await look())) await sleep(seconds * 1000)
  }

class StillRunning extends Error {}

const failingUntilDone = (look: Look) => async () => {
  if (!(await look())) throw new StillRunning("still running")
}

/** Their clients speak with their own servers: a fetch stands in for these. */
const falling =
  (look: Look): typeof globalThis.fetch =>
  async () =>
    Response.json({ status: (await look()) ? "COMPLETED" : "IN_PROGRESS", request_id: "request_1" })

export const peers: ReadonlyArray<Peer> = [
  {
    name: "Scenario SDK job.wait(), from its documentation: 3 s, 120 s at most",
    wait: async (look, sleep) => {
      const deadline = Date.now() + 120_000
      while (!(await look())) {
        if (Date.now() >= deadline) throw new StillRunning("did not complete within 120s")
        await sleep(3_000)
      }
    },
  },
  { name: "hand loop, 3 s", wait: handLoop(3) },
  { name: "hand loop, 2 s", wait: handLoop(2) },
  { name: "hand loop, 1 s", wait: handLoop(1) },
  { name: "p-wait-for 6.0.0, 2 s", wait: (look) => pWaitFor(look, { interval: 2_000 }) },
  {
    name: "p-retry 7.1.1, doubling from 1 s, 12 retries",
    wait: (look) => pRetry(failingUntilDone(look), { retries: 12 }),
  },
  {
    name: "async-retry 1.3.3, doubling with jitter, 12 retries",
    wait: (look) => retryAsync(failingUntilDone(look), { retries: 12 }),
  },
  {
    name: "@fal-ai/client 1.10.1 subscribeToStatus, 500 ms",
    wait: (look) =>
      createFalClient({ credentials: "key", fetch: falling(look) }).queue.subscribeToStatus("app/model", {
        requestId: "request_1",
      }),
  },
  {
    name: "replicate 1.4.0 wait, 500 ms",
    wait: async (look) => {
      let isFirst = true
      const answer = async () => {
        const isDone = !isFirst && (await look())
        isFirst = false
        return Response.json({ id: "p_1", status: isDone ? "succeeded" : "processing" })
      }
      const replicate = new Replicate({ auth: "key", fetch: answer })
      return replicate.wait(await replicate.predictions.get("p_1"), {})
    },
  },
  { name: "@azure/core-lro 3.3.1 createHttpPoller, 2 s", wait: (look) => azure(look) },
  { name: "@smithy/util-waiter 4.6.2, 2..120 s (its defaults)", wait: (look) => smithy(look, 2, 120) },
  { name: "@smithy/util-waiter 4.6.2, 2..10 s (its best)", wait: (look) => smithy(look, 2, 10) },
]

const azure = (look: Look) => {
  const request = { method: "PUT", url: "https://api.example/job" }
  const answer = (status: string, statusCode: number) => ({
    flatResponse: {},
    rawResponse: {
      statusCode,
      request,
      headers: { "operation-location": "https://api.example/operation" },
      body: { status },
    },
  })
  return createHttpPoller(
    {
      sendInitialRequest: () => Promise.resolve(answer("running", 202)),
      sendPollRequest: async () => answer((await look()) ? "succeeded" : "running", 200),
    },
    { intervalInMs: 2_000, skipFinalGet: true },
  ).pollUntilDone()
}

const smithy = async (look: Look, minDelay: number, maxDelay: number) => {
  const result = await createWaiter(
    { client: {}, minDelay, maxDelay, maxWaitTime: 86_400 },
    {},
    async () => ({
      state: (await look()) ? WaiterState.SUCCESS : WaiterState.RETRY,
    }),
  )
  if (result.state !== WaiterState.SUCCESS) throw new StillRunning(result.state)
}
