import { type FaultName, faultNames, type Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"
import { JobList } from "../src/account/JobList.ts"
import { Downloads } from "../src/deliver/Downloads.ts"
import { isScenarioError } from "../src/errors.ts"
import { generate } from "../src/generate.ts"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { simulate, simulatedTest } from "./support/simulation.ts"

const redHouse: GenerationRequest = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt: "a red house", numSamples: 1 },
}

/** Runs a job, and downloads each of its files. */
const runJob = Effect.fnUntraced(function* (
  request: GenerationRequest,
  onJob: (jobId: string) => void = () => undefined,
) {
  const downloads = yield* Downloads
  const { job, assets } = yield* generate(request, {
    onSubmitted: (submission) => Effect.sync(() => onJob(submission.job.jobId)),
  })
  const sizes = yield* Effect.forEach(assets, (asset) =>
    Stream.runFold(
      downloads.download(asset),
      () => 0,
      (size, chunk) => size + chunk.length,
    ),
  )
  return { job, assets, sizes }
})

/** Faults that make a submit uncertain or refuse it. After these, a run may fail with a typed error. */
const canFail: ReadonlySet<FaultName> = new Set([
  "server-error",
  "bad-gateway-html",
  "unavailable",
  "gateway-timeout",
  "connection-reset",
  "hang",
  "cooldown",
  "unauthorized",
  "forbidden",
  "plan-required",
  "model-restricted",
  "access-denied",
  "missing-token",
  "documented-error",
  "missing-job",
  "gone-endpoint",
])

/** Faults that no retry can fix. */
const permanentRefusals: ReadonlySet<FaultName> = new Set([
  "unauthorized",
  "forbidden",
  "model-restricted",
  "access-denied",
  "missing-token",
  "documented-error",
])

/** The requests of each stage after the submit. */
const stagesAfterSubmit = {
  watch: { path: "/jobs/" },
  resolve: { path: "/assets" },
  deliver: { origin: "cdn" },
} as const

const submitRequests = { path: "/generate/" } as const

describe("a run from request to files", () => {
  simulatedTest.each(faultNames)(
    "pays once, and succeeds or fails with a typed error, if %s hits its submit",
    { pictures: "plain" },
    function* (simulator, fault) {
      simulator.faults.next(fault, submitRequests)
      const result = yield* Effect.result(runJob(redHouse))
      if (Result.isSuccess(result)) {
        assert.strictEqual(simulator.ledger().paidJobs, 1)
        assert.strictEqual(simulator.ledger().entries[0]?.jobId, result.success.job.jobId)
        assert.isTrue(result.success.sizes.every((size) => size > 0))
      } else {
        assert.isTrue(canFail.has(fault), result.failure.message)
        assert.isTrue(isScenarioError(result.failure))
        assert.isAtMost(simulator.ledger().paidJobs, 1)
      }
      assert.deepStrictEqual(simulator.violations(), [])
    },
  )

  describe.each(Object.entries(stagesAfterSubmit))("a run with a fault in its stage %s", (_, requests) => {
    simulatedTest.each(faultNames)(
      "pays once, and succeeds or reports its job (%s)",
      { pictures: "plain" },
      function* (simulator, fault) {
        const result = yield* Effect.result(runJob(redHouse, () => simulator.faults.next(fault, requests)))
        assert.strictEqual(simulator.ledger().paidJobs, 1)
        if (permanentRefusals.has(fault) && !("origin" in requests)) {
          const jobId = simulator.ledger().entries[0]?.jobId ?? "missing"
          assert.isTrue(Result.isFailure(result))
          assert.include(JSON.stringify(result), jobId)
          return
        }
        assert.isTrue(Result.isSuccess(result), Result.isFailure(result) ? result.failure.message : "")
        assert.isTrue(Result.isSuccess(result) && result.success.sizes.every((size) => size > 0))
      },
    )
  })

  it.effect.each([1, 2, 3])(
    "accounts for every paid job when many faults occur at random (seed %i)",
    (seed) =>
      simulate({ seed, pictures: "plain", linkTtlMs: 120_000 }, function* (simulator) {
        for (const fault of faultNames) simulator.faults.rate(fault, fault === "repeated-cursor" ? 0 : 0.01)
        for (const fault of ["truncated-body", "connection-reset", "slow"] as const) {
          simulator.faults.rate(fault, 0.05, { origin: "cdn" })
        }
        const known = new Set<string>()
        const results = yield* Effect.forEach(
          Array.from({ length: 30 }, (_, index) => `house ${index}`),
          (prompt) =>
            Effect.result(
              runJob({ endpoint: "txt2img", inputs: { modelId: "model_flux-1-dev", prompt } }, (jobId) =>
                known.add(jobId),
              ),
            ),
          { concurrency: 10 },
        )
        for (const jobId of results.flatMap(getCandidates)) known.add(jobId)
        const unknown = simulator.ledger().entries.filter(({ jobId }) => !known.has(jobId))
        const uncertain = results.filter(
          (result) => Result.isFailure(result) && result.failure._tag === "SubmitUncertain",
        )
        assert.isAtMost(unknown.length, uncertain.length)
        assert.isAtMost(simulator.ledger().paidJobs, 30)
        assert.strictEqual(countSubmits(simulator), new Set(listPrompts(simulator)).size)
        assert.isAtLeast(results.filter(Result.isSuccess).length, 10)
      }),
  )
})

/** The jobs that an uncertain submit may have created. */
const getCandidates = (result: Result.Result<unknown, unknown>): ReadonlyArray<string> =>
  Result.isFailure(result) && isScenarioError(result.failure) && result.failure._tag === "SubmitUncertain"
    ? result.failure.candidates.map((job) => job.jobId)
    : []

/** Submits without those that a 4xx refused. */
const getAccepted = (simulator: Simulator) =>
  simulator
    .requests()
    .filter(
      ({ path, status }) => path.includes("/generate/") && (status === 0 || status < 400 || status >= 500),
    )

const countSubmits = (simulator: Simulator): number => getAccepted(simulator).length

const listPrompts = (simulator: Simulator): ReadonlyArray<string> =>
  getAccepted(simulator).map(({ body }) => JSON.stringify(body))

describe("a list", () => {
  simulatedTest("ends if the API repeats a cursor", function* (simulator) {
    for (let job = 0; job < 30; job++) simulator.addJob()
    simulator.faults.rate("repeated-cursor", 1)
    const jobs = yield* JobList
    const listed = yield* Stream.runCollect(jobs.list({ pageSize: 10 }))
    assert.isAtMost(listed.length, 30)
    assert.isAtMost(simulator.requests().length, 3)
  })

  simulatedTest(
    "has all items of a stable list, and reads only as many pages as needed",
    function* (simulator) {
      for (let job = 0; job < 30; job++) simulator.addJob()
      const jobs = yield* JobList
      assert.strictEqual((yield* Stream.runCollect(jobs.list({ pageSize: 10 }))).length, 30)
      const before = simulator.requests().length
      yield* Stream.runDrain(Stream.take(jobs.list({ pageSize: 10 }), 3))
      assert.strictEqual(simulator.requests().length - before, 1)
    },
  )

  simulatedTest("continues when pages shift between two requests", function* (simulator) {
    for (let job = 0; job < 30; job++) simulator.addJob()
    simulator.faults.next("shifting-pages", { items: 2, times: 2 })
    const jobs = yield* JobList
    const listed = yield* Stream.runCollect(jobs.list({ pageSize: 10 }))
    assert.strictEqual(new Set(listed.map(({ jobId }) => jobId)).size, 30)
  })
})
