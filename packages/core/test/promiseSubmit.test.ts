import { startSimulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "vitest"
import { CallAborted, CallbackFailed, createScenario, type Submission } from "../src/promise.ts"

const request = { model: "model_flux-composer", inputs: { prompt: "a red house" } }

const rejection = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no rejection",
    (error: unknown) => error,
  )

const world = async () => {
  const simulator = await startSimulator({ clock: "stepped", pictures: "plain" })
  const { baseUrl, apiKey, apiSecret } = simulator
  const scenario = createScenario({ baseUrl, apiKey, apiSecret })
  /** Resolves when a submit was accepted. */
  const accepted = async () => {
    while (simulator.ledger().paidJobs === 0) await new Promise(setImmediate)
  }
  return {
    simulator,
    scenario,
    accepted,
    [Symbol.asyncDispose]: async () => {
      await scenario.close()
      await simulator.close()
    },
  }
}

describe("a submit of the Promise front", () => {
  it("takes a bigint for a seed, and sends it as a number", async () => {
    await using one = await world()
    const inputs = { prompt: "waves", seed: 5n }
    await one.scenario.submit({ model: "model_reel-video", inputs })
    const submit = one.simulator.requests().findLast(({ path }) => path.includes("/generate/"))
    assert.include(submit?.text, '"seed":5')
  })

  it("that is aborted after it left rejects with its intent, and still reports its job", async () => {
    await using one = await world()
    const { simulator, scenario } = one
    simulator.faults.next("slow", { path: "/generate/", delayMs: 60_000 })
    const controller = new AbortController()
    let report: (submission: Submission) => void = () => undefined
    const reported = new Promise<Submission>((resolve) => (report = resolve))
    const submitting = rejection(
      scenario.submit(request, {
        signal: controller.signal,
        onSubmitted: (submission) => report(submission),
      }),
    )
    await one.accepted()
    controller.abort()
    const error = await submitting
    if (!(error instanceof CallAborted) || error.intent === undefined) return assert.fail("no intent")
    const { submission } = await scenario.reconcile(error.intent)
    const [entry] = simulator.ledger().entries
    assert.strictEqual(submission?.job.jobId, entry?.jobId)
    await simulator.advance(60_000)
    assert.strictEqual((await reported).job.jobId, entry?.jobId)
  })

  it("that is closed after it left still reports its job", async () => {
    await using one = await world()
    const { simulator, scenario } = one
    simulator.faults.next("slow", { path: "/generate/", delayMs: 60_000 })
    const reported = new Promise<Submission>((onSubmitted) => {
      void rejection(scenario.submit(request, { onSubmitted }))
    })
    await one.accepted()
    await scenario.close()
    await simulator.advance(60_000)
    assert.strictEqual((await reported).job.jobId, simulator.ledger().entries[0]?.jobId)
  })

  it("that is aborted before it was sent carries no intent, because nothing can have been accepted", async () => {
    await using one = await world()
    const controller = new AbortController()
    const error = await rejection(
      one.scenario.submit(request, {
        signal: controller.signal,
        onSending: () => {
          controller.abort()
          return new Promise(() => undefined)
        },
      }),
    )
    assert.instanceOf(error, CallAborted)
    assert.strictEqual(error instanceof CallAborted && error.intent, undefined)
    assert.strictEqual(one.simulator.ledger().paidJobs, 0)
  })

  it("awaits onSending, and sends nothing if it rejects", async () => {
    await using one = await world()
    const error = await rejection(
      one.scenario.submit(request, { onSending: () => Promise.reject(new Error("disk full")) }),
    )
    assert.instanceOf(error, CallbackFailed)
    assert.include(String(error), "disk full")
    assert.strictEqual(one.simulator.ledger().paidJobs, 0)
  })

  it("carries its job in the error if onSubmitted rejects", async () => {
    await using one = await world()
    const error = await rejection(
      one.scenario.submit(request, { onSubmitted: () => Promise.reject(new Error("no table")) }),
    )
    const [entry] = one.simulator.ledger().entries
    assert.strictEqual(error instanceof CallbackFailed && error.job?.jobId, entry?.jobId)
  })

  it("resumes the job of an earlier one with the same requestKey", async () => {
    await using one = await world()
    const [first, second] = [
      await one.scenario.submit(request, { requestKey: "order 7" }),
      await one.scenario.submit(request, { requestKey: "order 7" }),
    ]
    assert.strictEqual(second.job.jobId, first.job.jobId)
    assert.strictEqual(one.simulator.ledger().paidJobs, 1)
  })
})
