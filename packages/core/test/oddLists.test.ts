import type { FaultName, FaultOptions } from "@scenario-automation/simulator"
import { assert, describe } from "@effect/vitest"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { estimate, prompt, seeded, seedless, submit } from "./support/generations.ts"
import { getPaidJobIds } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

type Oddity = readonly [name: string, fault: FaultName, options: FaultOptions]

const oddDates: ReadonlyArray<Oddity> = [
  ["dates behind the Date header by 5 s", "odd-dates", { skewMs: -5_000 }],
  ["dates behind the Date header by 40 s", "odd-dates", { skewMs: -40_000 }],
  ["dates with a space and without an offset", "odd-dates", { value: "space" }],
  ["dates in milliseconds", "odd-dates", { value: "epoch" }],
  ["a Date header that is 3 hours ahead", "clock-skew", { skewMs: 3 * 3_600_000 }],
  ["a Date header that is 3 hours behind", "clock-skew", { skewMs: -3 * 3_600_000 }],
]
const oddRows: ReadonlyArray<Oddity> = [["rows of the form {job}", "odd-rows", { value: "wrapped" }]]

describe("a submit whose response is lost", () => {
  simulatedTest.each([...oddDates, ...oddRows])(
    "resumes its job by the seed if the list has %s",
    function* (simulator, [, fault, options]) {
      simulator.faults.rate(fault, 1, options)
      simulator.faults.next("lost-response")
      const { job } = yield* submit(seeded, { ifUncertain: "resubmit" })
      assert.deepStrictEqual(getPaidJobIds(simulator), [job.jobId])
    },
  )

  simulatedTest.each([
    ...oddDates,
    ...oddRows,
    ["unreadable rows", "odd-rows", { value: "unreadable" }],
    ["an unreadable cursor", "odd-cursor", {}],
  ] as ReadonlyArray<Oddity>)(
    "without a seed is not sent again if the list has %s",
    function* (simulator, [, fault, options]) {
      for (let job = 0; job < 250; job++) simulator.addJob({ ageMs: 1_000_000 })
      simulator.faults.rate(fault, 1, options)
      simulator.faults.next("lost-response")
      yield* expectFailure(submit(seedless, { ifUncertain: "resubmit" }), "SubmitUncertain")
      assert.strictEqual(simulator.ledger().paidJobs, 1)
    },
  )

  simulatedTest.each([
    ["width", 1_000],
    ["hideResults", true],
  ] as const)(
    "has its job as a candidate if the list has another value for %s",
    function* (simulator, [name, value]) {
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
      const error = yield* expectFailure(submit(request, { ifUncertain: "resubmit" }), "SubmitUncertain")
      assert.deepStrictEqual(
        error.candidates.map(({ jobId }) => jobId),
        getPaidJobIds(simulator),
      )
    },
  )

  simulatedTest(
    "of a sole submitter does not adopt an earlier job with the same inputs",
    { settings: { soleSubmitter: true } },
    function* (simulator) {
      const earlier = simulator.addJob({ modelId: "model_canvas-image-2", input: { prompt }, ageMs: 800 })
      simulator.faults.next("server-error", { path: "/generate/" })
      const error = yield* expectFailure(submit(seedless), "SubmitUncertain")
      assert.deepStrictEqual(
        error.candidates.map(({ jobId }) => jobId),
        [earlier],
      )
    },
  )
})

describe("a refusal that names a job", () => {
  simulatedTest.each([400, 429, 500])(
    "of a submit (%i) resumes that job, and is never repeated",
    function* (simulator, status) {
      simulator.faults.next("refused-with-job", { status })
      const { job } = yield* submit(seeded)
      simulator.faults.next("refused-with-job", { status })
      simulator.faults.rate("unavailable", 1, { path: /\/jobs$/ })
      const error = yield* expectFailure(submit(seeded), "SubmitUncertain")
      const [first, second, ...others] = getPaidJobIds(simulator)
      assert.deepStrictEqual([first, others], [job.jobId, []])
      assert.deepStrictEqual(
        error.candidates.map(({ jobId }) => jobId),
        [second],
      )
    },
  )

  simulatedTest.each([402, 429, 500])(
    "of a dry run (%i) reports that job, and is never repeated",
    function* (simulator, status) {
      yield* estimate(seeded)
      simulator.faults.rate("ignored-dry-run", 1)
      simulator.faults.rate("refused-with-job", 1, { status })
      const error = yield* expectFailure(submit(seeded, { maxCost: 1_000 }), "DryRunCharged")
      assert.deepStrictEqual(getPaidJobIds(simulator), [error.job.jobId])
    },
  )
})
