import { type FaultName, faultNames, type Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"
import { JobList } from "../src/account/JobList.ts"
import { Downloads } from "../src/deliver/Downloads.ts"
import { isScenarioError } from "../src/errors.ts"
import { generate } from "../src/generate.ts"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { simulate } from "./support/simulation.ts"

const redHouse: GenerationRequest = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt: "a red house", numSamples: 1 },
}

/** The whole trip, to the last byte of each file. */
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

/** Faults that leave a submit in the dark, or refuse it for good: there the trip may end, with a typed error. */
const mayEndTheTrip: ReadonlySet<FaultName> = new Set([
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

/** Refused for good: no other request can help. */
const refusals: ReadonlySet<FaultName> = new Set([
  "unauthorized",
  "forbidden",
  "model-restricted",
  "access-denied",
  "missing-token",
  "documented-error",
])

/** Which requests belong to the stages that follow the submit. */
const stagesAfterSubmit = {
  watch: { path: "/jobs/" },
  resolve: { path: "/assets" },
  deliver: { origin: "cdn" },
} as const

const hitTheSubmit = { path: "/generate/" } as const

describe("the whole trip", () => {
  it.effect.each(faultNames)("pays once and tells the truth when its submit meets %s", (fault) =>
    simulate({ pictures: "plain" }, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, hitTheSubmit)
        const end = yield* Effect.result(runJob(redHouse))
        if (Result.isSuccess(end)) {
          assert.strictEqual(simulator.ledger().paidJobs, 1)
          assert.strictEqual(simulator.ledger().entries[0]?.jobId, end.success.job.jobId)
          assert.isTrue(end.success.sizes.every((size) => size > 0))
        } else {
          assert.isTrue(mayEndTheTrip.has(fault), end.failure.message)
          assert.isTrue(isScenarioError(end.failure))
          assert.isAtMost(simulator.ledger().paidJobs, 1)
        }
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  describe.each(Object.entries(stagesAfterSubmit))(
    "pays nothing more and arrives when its %s",
    (_, requests) => {
      it.effect.each(faultNames)("meets %s", (fault) =>
        simulate({ pictures: "plain" }, (simulator) =>
          Effect.gen(function* () {
            const end = yield* Effect.result(runJob(redHouse, () => simulator.faults.next(fault, requests)))
            assert.strictEqual(simulator.ledger().paidJobs, 1)
            if (refusals.has(fault) && !("origin" in requests)) {
              const jobId = simulator.ledger().entries[0]?.jobId ?? "missing"
              assert.isTrue(Result.isFailure(end))
              assert.include(JSON.stringify(end), jobId)
              return
            }
            assert.isTrue(Result.isSuccess(end), Result.isFailure(end) ? end.failure.message : "")
            assert.isTrue(Result.isSuccess(end) && end.success.sizes.every((size) => size > 0))
          }),
        ),
      )
    },
  )

  it.effect.each([1, 2, 3])("accounts for every job that was paid in a storm of faults (seed %i)", (seed) =>
    simulate({ seed, pictures: "plain", linkTtlMs: 120_000 }, (simulator) =>
      Effect.gen(function* () {
        for (const fault of faultNames) simulator.faults.rate(fault, fault === "repeated-cursor" ? 0 : 0.01)
        for (const fault of ["truncated-body", "connection-reset", "slow"] as const) {
          simulator.faults.rate(fault, 0.05, { origin: "cdn" })
        }
        const known = new Set<string>()
        const ends = yield* Effect.forEach(
          Array.from({ length: 30 }, (_, index) => `house ${index}`),
          (prompt) =>
            Effect.result(
              runJob({ endpoint: "txt2img", inputs: { modelId: "model_flux-1-dev", prompt } }, (jobId) =>
                known.add(jobId),
              ),
            ),
          { concurrency: 10 },
        )
        for (const jobId of ends.flatMap(getCandidates)) known.add(jobId)
        const unknown = simulator.ledger().entries.filter(({ jobId }) => !known.has(jobId))
        const uncertain = ends.filter(
          (end) => Result.isFailure(end) && end.failure._tag === "SubmitUncertain",
        )
        assert.isAtMost(unknown.length, uncertain.length)
        assert.isAtMost(simulator.ledger().paidJobs, 30)
        assert.strictEqual(submitsIn(simulator), new Set(promptsIn(simulator)).size)
        assert.isAtLeast(ends.filter(Result.isSuccess).length, 10)
      }),
    ),
  )
})

/** The jobs that an uncertain submit may have started. */
const getCandidates = (end: Result.Result<unknown, unknown>): ReadonlyArray<string> =>
  Result.isFailure(end) && isScenarioError(end.failure) && end.failure._tag === "SubmitUncertain"
    ? end.failure.candidates.map((job) => job.jobId)
    : []

/** Submits that were taken in; one that was refused by a 4xx was none. */
const accepted = (simulator: Simulator) =>
  simulator
    .requests()
    .filter(
      ({ path, status }) => path.includes("/generate/") && (status === 0 || status < 400 || status >= 500),
    )

const submitsIn = (simulator: Simulator): number => accepted(simulator).length

const promptsIn = (simulator: Simulator): ReadonlyArray<string> =>
  accepted(simulator).map(({ body }) => JSON.stringify(body))

describe("a list", () => {
  it.effect("ends where the API hands out the same cursor again", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (let job = 0; job < 30; job++) simulator.addJob()
        simulator.faults.rate("repeated-cursor", 1)
        const jobs = yield* JobList
        const listed = yield* Stream.runCollect(jobs.list({ pageSize: 10 }))
        assert.isAtMost(listed.length, 30)
        assert.isAtMost(simulator.requests().length, 3)
      }),
    ),
  )

  it.effect("misses nothing of a stable list, and reads only as far as asked", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (let job = 0; job < 30; job++) simulator.addJob()
        const jobs = yield* JobList
        assert.strictEqual((yield* Stream.runCollect(jobs.list({ pageSize: 10 }))).length, 30)
        const before = simulator.requests().length
        yield* Stream.runDrain(Stream.take(jobs.list({ pageSize: 10 }), 3))
        assert.strictEqual(simulator.requests().length - before, 1)
      }),
    ),
  )

  it.effect("goes on when pages shift while they are read", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (let job = 0; job < 30; job++) simulator.addJob()
        simulator.faults.next("shifting-pages", { items: 2, times: 2 })
        const jobs = yield* JobList
        const listed = yield* Stream.runCollect(jobs.list({ pageSize: 10 }))
        assert.strictEqual(new Set(listed.map(({ jobId }) => jobId)).size, 30)
      }),
    ),
  )
})
