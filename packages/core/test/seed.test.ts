import { assert, describe, it } from "@effect/vitest"
import { generate } from "../src/generate.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { prompt, seeded, submit } from "./support/generations.ts"
import { getPaidJobIds, getSubmits } from "./support/requests.ts"
import { type SimulationOptions, simulate, simulatedTest } from "./support/simulation.ts"

const getBodies = (simulator: Parameters<typeof getSubmits>[0]) =>
  getSubmits(simulator).map(({ body }) => body)

describe("the seed that the library chooses", () => {
  simulatedTest("is sent, and part of the submission", function* (simulator) {
    const { seed, snapshot } = yield* submit(seeded)
    assert.isNumber(seed)
    assert.strictEqual(snapshot?.input?.["seed"], seed)
    assert.deepStrictEqual(getBodies(simulator), [{ prompt, seed }])
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest(
    "is decimal text for an older endpoint, and not sent for several images",
    function* (simulator) {
      const inputs = { modelId: "model_flux-1-dev", prompt, numSamples: 1 }
      const { seed } = yield* submit({ endpoint: "txt2img", inputs })
      yield* submit({ endpoint: "txt2img", inputs: { ...inputs, numSamples: 2 } })
      assert.deepStrictEqual(getBodies(simulator), [
        { ...inputs, seed: String(seed) },
        { ...inputs, numSamples: 2 },
      ])
    },
  )

  simulatedTest("is the same in the dry run and the submit", function* (simulator) {
    const { seed } = yield* submit(seeded, { maxCost: 100 })
    const sent = simulator.requests().filter(({ path }) => path.includes("/generate/"))
    assert.deepStrictEqual(
      sent.map(({ body }) => body),
      [
        { prompt, seed },
        { prompt, seed },
      ],
    )
  })

  it.effect.each<readonly [scope: string, simulation: SimulationOptions, options: SubmitOptions]>([
    ["for the account", { settings: { identifyBySeed: false } }, {}],
    ["for one submit", {}, { identifyBySeed: false }],
  ])("can be turned off %s", ([, simulation, options]) =>
    simulate(simulation, function* (simulator) {
      assert.isUndefined((yield* submit(seeded, options)).seed)
      assert.deepStrictEqual(getBodies(simulator), [{ prompt }])
    }),
  )

  simulatedTest(
    "never replaces the caller's seed, and is not sent for several outputs",
    function* (simulator) {
      yield* submit({ model: "model_flux-composer", inputs: { prompt, seed: 0 } })
      yield* submit({ model: "model_flux-composer", inputs: { prompt, numOutputs: 2 } })
      assert.deepStrictEqual(getBodies(simulator), [
        { prompt, seed: 0 },
        { prompt, numOutputs: 2 },
      ])
    },
  )

  simulatedTest.each(["dropped-seed", "changed-seed"] as const)(
    "is not used for a model that did not echo it (%s)",
    function* (simulator, fault) {
      simulator.faults.rate(fault, 1)
      yield* submit(seeded)
      simulator.faults.next("lost-response")
      const error = yield* expectFailure(submit(seeded), "SubmitUncertain")
      assert.strictEqual(error.candidates.length, 1)
      assert.deepStrictEqual(getBodies(simulator)[1], { prompt })
    },
  )

  simulatedTest(
    "makes a job that echoes no seed a candidate, after reading it by itself",
    function* (simulator) {
      simulator.faults.next("lost-response")
      simulator.faults.next("dropped-seed")
      const error = yield* expectFailure(submit(seeded), "SubmitUncertain")
      const [jobId] = getPaidJobIds(simulator)
      assert.deepStrictEqual(
        error.candidates.map((job) => job.jobId),
        [jobId],
      )
      assert.isTrue(simulator.requests().some(({ path }) => path.endsWith(`/jobs/${jobId}`)))
    },
  )

  simulatedTest("identifies a job whose list row has no inputs", function* (simulator) {
    simulator.faults.next("lost-response")
    simulator.faults.rate("list-without-inputs", 1)
    const { job } = yield* submit(seeded)
    assert.deepStrictEqual(getPaidJobIds(simulator), [job.jobId])
  })

  simulatedTest("rules out a job with another seed", function* (simulator) {
    simulator.faults.rate("own-seed", 1)
    yield* submit(seeded, { identifyBySeed: false })
    simulator.faults.next("server-error", { path: "/generate/" })
    const error = yield* expectFailure(submit(seeded), "SubmitUncertain")
    assert.deepStrictEqual(error.candidates, [])
  })

  simulatedTest("is part of a generation's result", function* () {
    const { seed, snapshot } = yield* generate(seeded)
    assert.strictEqual(snapshot?.input?.["seed"], seed)
  })
})
