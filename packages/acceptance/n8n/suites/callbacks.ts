import { createServer } from "node:http"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { json } from "node:stream/consumers"
import { assert, it } from "vitest"
import type { Execution } from "../N8nApi.ts"
import { expectPaid, getError, getOutput, type World } from "../realN8n.ts"
import { type Relay, startRelay } from "../Relay.ts"
import { byId, inputs, makeWorkflow, scenarioNode, type Workflow } from "../Workflow.ts"
import { readExample } from "./examples.ts"
import { assertFiles } from "./generating.ts"

const start = (callbackUrl: string, settings: object = {}) =>
  scenarioNode(
    {
      resource: "generation",
      operation: "start",
      modelId: byId("model_canvas-image-2"),
      mode: "",
      prompt: "={{ $json.prompt }}",
      inputs: inputs({}),
      options: { callbackUrl },
    },
    { credentials: { scenarioApi: {}, scenarioRelayApi: {} }, ...settings },
  )

const rows = ["a red house", "a blue boat"].map((prompt) => ({ json: { prompt } }))

export const callbacks = (world: () => World): void => {
  const useRelay = async (account?: Parameters<typeof startRelay>[1], accountId = ""): Promise<Relay> => {
    const relay = await startRelay(world().simulator.baseUrl, account)
    await world().api.addCredential("scenarioRelayApi", {
      url: `${relay.url}/`,
      token: relay.token,
      accountId,
    })
    return relay
  }

  const readError = (execution: Execution): string => {
    const { message, description } = getError(execution) ?? { message: "no error" }
    return `${message} ${description}`
  }

  it(
    "suspends the execution, and continues it with the files when all jobs have ended",
    { timeout: 90_000 },
    async () => {
      await using relay = await useRelay()
      const { api } = world()
      // The other suite saves the example without the relay's credential.
      const workflow: Workflow = {
        ...readExample("long-generations-without-a-worker.json"),
        id: "with-a-relay----",
      }
      const execution = await expectPaid(world(), 2, async () => {
        const id = await api.start(workflow)
        const seen = new Set<string>()
        for (;;) {
          const { status } = await api.execution(id)
          seen.add(status)
          if (!["new", "running", "waiting"].includes(status)) break
          await sleep(100)
        }
        assert.include([...seen], "waiting")
        return api.execution(id)
      })
      assert.strictEqual(execution.status, "success", JSON.stringify(execution))
      const started = getOutput(execution, "Start videos").map(({ json }) => json["jobId"])
      const videos = getOutput(execution, "Get videos")
      assert.deepStrictEqual(
        videos.map(({ json }) => json["jobId"]),
        started,
      )
      for (const video of videos) {
        assert.strictEqual(video.binary?.["data"]?.mimeType, "video/mp4")
        await assertFiles(world(), video)
      }
      const { waits } = Object(await relay.get("/v1/waits"))
      assert.strictEqual(waits.length, 1)
    },
  )

  it("sends one callback to each URL, for an account that the relay has", async () => {
    await using relay = await useRelay(world().simulator, "default")
    const bodies: Array<unknown> = []
    const receiver = createServer((request, response) => {
      request.on("end", () => response.end())
      void json(request).then((body) => bodies.push(body))
    })
    receiver.listen(0, "127.0.0.1")
    await once(receiver, "listening")
    const address = Object(receiver.address())
    const { api } = world()
    const node = start(`=http://127.0.0.1:${address.port}/{{ $json.prompt.split(" ")[1] }}`)
    const execution = await expectPaid(world(), 2, () => api.run(makeWorkflow("two-urls", rows, node)))
    const jobIds = getOutput(execution).map(({ json }) => json["jobId"])
    for (let tries = 0; bodies.length < 2 && tries < 200; tries++) await sleep(100)
    receiver.closeAllConnections()
    receiver.close()
    assert.sameDeepMembers(
      bodies.map((body) => Object(body).data.jobs.map(({ jobId }: { jobId: string }) => jobId)),
      jobIds.map((jobId) => [jobId]),
    )
    const { waits } = Object(await relay.get("/v1/waits"))
    assert.deepStrictEqual(
      waits.map(({ accountId }: { accountId: string }) => accountId),
      ["default", "default"],
    )
  })

  it("starts nothing if the relay can't be reached or refuses the account", async () => {
    const { api } = world()
    const refusing = await useRelay(world().simulator)
    const refused = await expectPaid(world(), 0, () =>
      api.run(makeWorkflow("relay-refused", rows, start("https://example.com/done"))),
    )
    assert.match(readError(refused), /may not register accounts.*Nothing was started\./)
    await refusing[Symbol.asyncDispose]()
    const unreachable = await expectPaid(world(), 0, () =>
      api.run(makeWorkflow("relay-unreachable", rows, start("https://example.com/done"))),
    )
    assert.match(readError(unreachable), /can't be reached.*Nothing was started\./)
    const wrong = await expectPaid(world(), 0, () => api.run(makeWorkflow("no-url", rows, start("nowhere"))))
    assert.match(getError(wrong)?.message ?? "", /^Callback URL is not a URL/)
  })

  it("names the started jobs if the relay refuses the callback, and a retry continues with them", async () => {
    await using _relay = await useRelay()
    const { api } = world()
    const node = start("http://10.0.0.1/inside", { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 })
    const execution = await expectPaid(world(), 2, () => api.run(makeWorkflow("inside", rows, node)))
    assert.match(
      readError(execution),
      /callbackUrl.*No callback will be sent.*job_\w+, job_\w+.*AI Generation: Wait/,
    )
    const continuing = start("http://10.0.0.1/inside", { onError: "continueRegularOutput" })
    const continued = await expectPaid(world(), 2, () => api.run(makeWorkflow("inside-2", rows, continuing)))
    for (const { json } of getOutput(continued)) assert.match(Object(json["details"]).jobId, /^job_/)
  })
  it("fails only the items whose callback the relay refuses, if the node continues on errors", async () => {
    await using _relay = await useRelay()
    const { api } = world()
    const url = `={{ $json.prompt === "a red house" ? "http://10.0.0.1/inside" : "http://127.0.0.1:9/done" }}`
    const node = start(url, { onError: "continueErrorOutput" })
    const execution = await expectPaid(world(), 2, () => api.run(makeWorkflow("one-refused", rows, node)))
    const [started] = getOutput(execution)
    assert.match(String(started?.json["jobId"]), /^job_/)
    assert.lengthOf(getOutput(execution), 1)
  })
}
