import { createHttpPoller } from "@azure/core-lro"
import { createFalClient } from "@fal-ai/client"
import { createWaiter, WaiterState } from "@smithy/util-waiter"
import retryAsync from "async-retry"
import {
  createBackoffSettings,
  LongrunningDescriptor,
  operation,
  OperationsClient,
  operationsProtos,
  protobuf,
} from "google-gax"
import pRetry from "p-retry"
import pWaitFor from "p-wait-for"
import Replicate from "replicate"

/** Polls the job once: true if it has ended. */
type Poll = () => Promise<boolean>

type Wait = (poll: Poll, sleep: (ms: number) => Promise<void>) => Promise<unknown>

/** An alternative to this library. `wait` resolves after a poll that found the job ended, or rejects. */
export interface Peer {
  readonly name: string
  /** A short name for the chart. */
  readonly label: string
  /** With its defaults, or a typical interval if it has no useful default. */
  readonly wait: Wait
  /** Other settings: the best of these is measured too. */
  readonly settings?: ReadonlyArray<Setting>
}

interface Setting {
  readonly name: string
  readonly wait: Wait
}

/** A hand-written loop with a fixed interval. */
const loopEvery =
  (seconds: number): Wait =>
  async (poll, sleep) => {
    while (!(await poll())) await sleep(seconds * 1000)
  }

class StillRunning extends Error {}

const throwUntilDone = (poll: Poll) => async () => {
  if (!(await poll())) throw new StillRunning("still running")
}

/** A `fetch` that replaces fal's server. */
const createFalFetch =
  (poll: Poll): typeof globalThis.fetch =>
  async () =>
    Response.json({ status: (await poll()) ? "COMPLETED" : "IN_PROGRESS", request_id: "request_1" })

/** Practically unlimited. */
const maxRetries = 100_000

const intervals = [1, 2, 4, 8, 16, 32]
const listIntervalSettings = (wait: (seconds: number) => Wait): ReadonlyArray<Setting> =>
  intervals.map((seconds) => ({ name: `${seconds} s`, wait: wait(seconds) }))

const createIntervalPeer = (
  label: string,
  name: string,
  defaultSeconds: number,
  wait: (seconds: number) => Wait,
): Peer => ({
  name: `${name}, ${defaultSeconds} s`,
  label,
  wait: wait(defaultSeconds),
  settings: listIntervalSettings(wait),
})

const listBackoffSettings = (wait: (firstMs: number, factor: number) => Wait): ReadonlyArray<Setting> =>
  [2_000, 8_000, 32_000].flatMap((firstMs) =>
    [1, 1.1].map((factor) => ({
      name: `${firstMs / 1000} s x ${factor}`,
      wait: wait(firstMs, factor),
    })),
  )

const waitWithReplicate =
  (seconds: number): Wait =>
  async (poll) => {
    let isFirst = true
    const answer = async () => {
      const isDone = !isFirst && (await poll())
      isFirst = false
      return Response.json({ id: "p_1", status: isDone ? "succeeded" : "processing" })
    }
    const replicate = new Replicate({ auth: "key", fetch: answer })
    return replicate.wait(await replicate.predictions.get("p_1"), { interval: 1_000 * seconds })
  }

export const peers: ReadonlyArray<Peer> = [
  {
    name: "Scenario SDK job.wait(), from its documentation: 3 s, at most 120 s",
    label: "Scenario SDK",
    wait: async (poll, sleep) => {
      const deadline = Date.now() + 120_000
      while (!(await poll())) {
        if (Date.now() >= deadline) throw new StillRunning("did not complete within 120s")
        await sleep(3_000)
      }
    },
  },
  { name: "hand loop, 3 s", label: "loop, 3 s", wait: loopEvery(3) },
  { name: "hand loop, 2 s", label: "loop, 2 s", wait: loopEvery(2) },
  { name: "hand loop, 1 s", label: "loop, 1 s", wait: loopEvery(1) },
  createIntervalPeer(
    "p-wait-for",
    "p-wait-for 6.0.0",
    2,
    (seconds) => (poll) => pWaitFor(poll, { interval: 1_000 * seconds }),
  ),
  {
    name: "p-retry 9.0.0, doubling from 1 s",
    label: "p-retry",
    wait: (poll) => pRetry(throwUntilDone(poll), { retries: 12 }),
    settings: listBackoffSettings(
      (minTimeout, factor) => (poll) =>
        pRetry(throwUntilDone(poll), { retries: maxRetries, minTimeout, factor }),
    ),
  },
  {
    name: "async-retry 1.3.3, doubling with jitter",
    label: "async-retry",
    wait: (poll) => retryAsync(throwUntilDone(poll), { retries: 12 }),
    settings: listBackoffSettings(
      (minTimeout, factor) => (poll) =>
        retryAsync(throwUntilDone(poll), { retries: maxRetries, minTimeout, factor, randomize: false }),
    ),
  },
  createIntervalPeer(
    "fal client",
    "@fal-ai/client 1.10.1 subscribeToStatus",
    0.5,
    (seconds) => (poll) =>
      createFalClient({ credentials: "key", fetch: createFalFetch(poll) }).queue.subscribeToStatus(
        "app/model",
        {
          requestId: "request_1",
          pollInterval: 1_000 * seconds,
        },
      ),
  ),
  createIntervalPeer("replicate", "replicate 1.4.0 wait", 0.5, waitWithReplicate),
  createIntervalPeer(
    "azure core-lro",
    "@azure/core-lro 3.4.2 createHttpPoller",
    2,
    (seconds) => (poll) => waitWithAzure(poll, seconds),
  ),
  {
    name: "@smithy/util-waiter 4.6.2, 2..120 s",
    label: "smithy waiter",
    wait: (poll) => waitWithSmithy(poll, 2, 120),
    settings: [2, 8, 32].flatMap((minSeconds) =>
      [1, 2].map((times) => ({
        name: `${minSeconds}..${minSeconds * times} s`,
        wait: (poll: Poll) => waitWithSmithy(poll, minSeconds, minSeconds * times),
      })),
    ),
  },
  {
    name: "google-gax 6.17.0 Operation, 0.1 s x 1.3, at most 60 s",
    label: "google-gax",
    wait: (poll) => waitWithGax(poll, 100, 1.3),
    settings: listBackoffSettings((firstMs, factor) => (poll) => waitWithGax(poll, firstMs, factor)),
  },
]

const waitWithAzure = (poll: Poll, seconds: number) => {
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
      sendPollRequest: async () => answer((await poll()) ? "succeeded" : "running", 200),
    },
    { intervalInMs: 1_000 * seconds, skipFinalGet: true },
  ).pollUntilDone()
}

const waitWithGax = (poll: Poll, firstMs: number, factor: number) => {
  const getOperationInternal = async () => [{ name: "job", done: await poll() }]
  const client: OperationsClient = Object.assign(Object.create(OperationsClient.prototype), {
    getOperationInternal,
  })
  const decoder = () => new protobuf.Message({})
  return operation(
    new operationsProtos.google.longrunning.Operation({ name: "job" }),
    new LongrunningDescriptor(client, decoder, decoder),
    createBackoffSettings(firstMs, factor, 60_000, null, null, null, null),
  ).promise()
}

const waitWithSmithy = async (poll: Poll, minDelay: number, maxDelay: number) => {
  const result = await createWaiter(
    { client: {}, minDelay, maxDelay, maxWaitTime: 86_400 },
    {},
    async () => ({
      state: (await poll()) ? WaiterState.SUCCESS : WaiterState.RETRY,
    }),
  )
  if (result.state !== WaiterState.SUCCESS) throw new StillRunning(result.state)
}
