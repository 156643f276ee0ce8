import { assert, describe, it } from "vitest"
import { CallAborted, CallbackFailed, type Submission } from "../src/promise.ts"
import { expectInstance, type PromiseWorld, startWorld } from "./support/promiseWorld.ts"

const request = { model: "model_flux-composer", inputs: { prompt: "a red house" } }

const startSteppedWorld = () => startWorld({ simulator: { clock: "stepped", pictures: "plain" } })

/** Resolves after a submit was accepted. */
const waitForPaidJob = async ({ simulator }: PromiseWorld): Promise<void> => {
  while (simulator.ledger().paidJobs === 0) await new Promise(setImmediate)
}

describe("a submit of the Promise API", () => {
  it("sends a bigint seed as a number", async () => {
    await using world = await startSteppedWorld()
    const inputs = { prompt: "waves", seed: 5n }
    await world.scenario.submit({ model: "model_reel-video", inputs })
    const submit = world.simulator.requests().findLast(({ path }) => path.includes("/generate/"))
    assert.include(submit?.text, '"seed":5')
  })

  it("that is aborted after it was sent rejects with its intent, and still reports its job", async () => {
    await using world = await startSteppedWorld()
    const { simulator, scenario } = world
    simulator.faults.next("slow", { path: "/generate/", delayMs: 60_000 })
    const controller = new AbortController()
    let report: (submission: Submission) => void = () => undefined
    const reported = new Promise<Submission>((resolve) => (report = resolve))
    const submitting = expectInstance(
      scenario.submit(request, {
        signal: controller.signal,
        onSubmitted: (submission) => report(submission),
      }),
      CallAborted,
    )
    await waitForPaidJob(world)
    controller.abort()
    const { intent } = await submitting
    if (intent === undefined) return assert.fail("no intent")
    const { submission } = await scenario.reconcile(intent)
    const [entry] = simulator.ledger().entries
    assert.strictEqual(submission?.job.jobId, entry?.jobId)
    await simulator.advance(60_000)
    assert.strictEqual((await reported).job.jobId, entry?.jobId)
  })

  it("whose client is closed after it was sent still reports its job", async () => {
    await using world = await startSteppedWorld()
    const { simulator, scenario } = world
    simulator.faults.next("slow", { path: "/generate/", delayMs: 60_000 })
    const reported = new Promise<Submission>((onSubmitted) => {
      scenario.submit(request, { onSubmitted }).catch(() => undefined)
    })
    await waitForPaidJob(world)
    await scenario.close()
    await simulator.advance(60_000)
    assert.strictEqual((await reported).job.jobId, simulator.ledger().entries[0]?.jobId)
  })

  it("that is aborted before it was sent rejects without an intent", async () => {
    await using world = await startSteppedWorld()
    const controller = new AbortController()
    const error = await expectInstance(
      world.scenario.submit(request, {
        signal: controller.signal,
        onSending: () => {
          controller.abort()
          return new Promise(() => undefined)
        },
      }),
      CallAborted,
    )
    assert.isUndefined(error.intent)
    assert.strictEqual(world.simulator.ledger().paidJobs, 0)
  })

  it("awaits onSending, and sends nothing if that rejects", async () => {
    await using world = await startSteppedWorld()
    const error = await expectInstance(
      world.scenario.submit(request, { onSending: () => Promise.reject(new Error("disk full")) }),
      CallbackFailed,
    )
    assert.include(error.message, "disk full")
    assert.strictEqual(world.simulator.ledger().paidJobs, 0)
  })

  it("rejects with its job if onSubmitted rejects", async () => {
    await using world = await startSteppedWorld()
    const error = await expectInstance(
      world.scenario.submit(request, { onSubmitted: () => Promise.reject(new Error("no table")) }),
      CallbackFailed,
    )
    const [entry] = world.simulator.ledger().entries
    assert.strictEqual(error.job?.jobId, entry?.jobId)
  })

  it("resumes the job of an earlier submit with the same requestKey", async () => {
    await using world = await startSteppedWorld()
    const [first, second] = [
      await world.scenario.submit(request, { requestKey: "order 7" }),
      await world.scenario.submit(request, { requestKey: "order 7" }),
    ]
    assert.strictEqual(second.job.jobId, first.job.jobId)
    assert.strictEqual(world.simulator.ledger().paidJobs, 1)
  })
})
