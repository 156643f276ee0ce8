import type { FaultName, FaultOptions } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { simulate } from "./support/simulation.ts"

const prompt = "a red house"
const seeded: GenerationRequest = { model: "model_flux-composer", inputs: { prompt } }
const seedless: GenerationRequest = { model: "model_canvas-image-2", inputs: { prompt } }

const submit = (request: GenerationRequest, options?: SubmitOptions) =>
  Generations.use((generations) => generations.submit(request, options))

type Oddity = readonly [name: string, fault: FaultName, options: FaultOptions]

const oddDates: ReadonlyArray<Oddity> = [
  ["dates behind the Date header by 5 s", "odd-dates", { skewMs: -5_000 }],
  ["dates behind the Date header by 40 s", "odd-dates", { skewMs: -40_000 }],
  ["dates with a space and without an offset", "odd-dates", { value: "space" }],
  ["dates in milliseconds", "odd-dates", { value: "epoch" }],
  ["a Date header that is 3 hours ahead", "clock-skew", { skewMs: 3 * 3_600_000 }],
  ["a Date header that is 3 hours behind", "clock-skew", { skewMs: -3 * 3_600_000 }],
]
const oddRows: ReadonlyArray<Oddity> = [["rows that are wrapped as {job}", "odd-rows", { value: "wrapped" }]]

describe("a lost response, with a list of jobs that has", () => {
  it.effect.each([...oddDates, ...oddRows])("%s, is resumed by its seed", ([, fault, options]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate(fault, 1, options)
        simulator.faults.next("lost-response")
        const { job } = yield* submit(seeded, { ifUncertain: "resubmit" })
        assert.deepStrictEqual(
          simulator.ledger().entries.map(({ jobId }) => jobId),
          [job.jobId],
        )
      }),
    ),
  )

  it.effect.each([
    ...oddDates,
    ...oddRows,
    ["rows that can't be read", "odd-rows", { value: "unreadable" }],
    ["a cursor that can't be read", "odd-cursor", {}],
  ] as ReadonlyArray<Oddity>)("%s, is not submitted again without a seed", ([, fault, options]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (let job = 0; job < 250; job++) simulator.addJob({ ageMs: 1_000_000 })
        simulator.faults.rate(fault, 1, options)
        simulator.faults.next("lost-response")
        const error = yield* Effect.flip(submit(seedless, { ifUncertain: "resubmit" }))
        assert.strictEqual(error._tag, "SubmitUncertain")
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect.each([
    ["width", 1_000],
    ["hideResults", true],
  ] as const)("a rewritten %s, keeps its job as a candidate", ([name, value]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("rewritten-input", { value: name })
        simulator.faults.next("lost-response")
        const request: GenerationRequest = {
          endpoint: "txt2img",
          inputs: {
            modelId: "model_flux-1-dev",
            prompt,
            numSamples: 2,
            width: 1_000,
            hideResults: value === true,
          },
        }
        const error = yield* Effect.flip(submit(request, { ifUncertain: "resubmit" }))
        if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
        assert.deepStrictEqual(
          error.candidates.map(({ jobId }) => jobId),
          simulator.ledger().entries.map(({ jobId }) => jobId),
        )
      }),
    ),
  )

  it.effect("an earlier job with the same inputs, is not taken for it by a sole submitter", () =>
    simulate({ settings: { soleSubmitter: true } }, (simulator) =>
      Effect.gen(function* () {
        const earlier = simulator.addJob({ modelId: "model_canvas-image-2", input: { prompt }, ageMs: 800 })
        simulator.faults.next("server-error", { path: "/generate/" })
        const error = yield* Effect.flip(submit(seedless))
        if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
        assert.deepStrictEqual(
          error.candidates.map(({ jobId }) => jobId),
          [earlier],
        )
      }),
    ),
  )
})

describe("a refusal that names a job", () => {
  it.effect.each([400, 429, 500])("of a submit (%i) is followed to that job, and never repeated", (status) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("refused-with-job", { status })
        const { job } = yield* submit(seeded)
        simulator.faults.next("refused-with-job", { status })
        simulator.faults.rate("unavailable", 1, { path: /\/jobs$/ })
        const error = yield* Effect.flip(submit(seeded))
        const [first, second, ...others] = simulator.ledger().entries.map(({ jobId }) => jobId)
        assert.deepStrictEqual([first, others], [job.jobId, []])
        if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
        assert.deepStrictEqual(
          error.candidates.map(({ jobId }) => jobId),
          [second],
        )
      }),
    ),
  )

  it.effect.each([402, 429, 500])("of a dry run (%i) reports that job, and is never repeated", (status) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        yield* Generations.use((generations) => generations.estimate(seeded))
        simulator.faults.rate("ignored-dry-run", 1)
        simulator.faults.rate("refused-with-job", 1, { status })
        const error = yield* Effect.flip(submit(seeded, { maxCost: 1_000 }))
        if (error._tag !== "DryRunCharged") return assert.fail(error.message)
        assert.deepStrictEqual(
          simulator.ledger().entries.map(({ jobId }) => jobId),
          [error.job.jobId],
        )
      }),
    ),
  )
})
