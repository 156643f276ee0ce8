import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { generate } from "../src/generate.ts"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { submitsIn } from "./support/requests.ts"
import { type SimulationOptions, simulate } from "./support/simulation.ts"

const prompt = "a red house"
const seeded: GenerationRequest = { model: "model_flux-composer", inputs: { prompt } }

const submit = (request: GenerationRequest = seeded, options?: SubmitOptions) =>
  Generations.use((generations) => generations.submit(request, options))

const bodies = (simulator: Parameters<typeof submitsIn>[0]) => submitsIn(simulator).map(({ body }) => body)

describe("the seed that core chooses", () => {
  it.effect("is sent, echoed, and part of the submission", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { seed, snapshot } = yield* submit()
        assert.isNumber(seed)
        assert.strictEqual(snapshot?.input?.["seed"], seed)
        assert.deepStrictEqual(bodies(simulator), [{ prompt, seed }])
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("is decimal text for an older endpoint that takes it as text, if one image is asked for", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const inputs = { modelId: "model_flux-1-dev", prompt, numSamples: 1 }
        const { seed } = yield* submit({ endpoint: "txt2img", inputs })
        yield* submit({ endpoint: "txt2img", inputs: { ...inputs, numSamples: 2 } })
        assert.deepStrictEqual(bodies(simulator), [
          { ...inputs, seed: String(seed) },
          { ...inputs, numSamples: 2 },
        ])
      }),
    ),
  )

  it.effect("is the one that was priced", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { seed } = yield* submit(seeded, { maxCost: 100 })
        const sent = simulator.requests().filter(({ path }) => path.includes("/generate/"))
        assert.deepStrictEqual(
          sent.map(({ body }) => body),
          [
            { prompt, seed },
            { prompt, seed },
          ],
        )
      }),
    ),
  )

  it.effect.each<readonly [where: string, simulation: SimulationOptions, options: SubmitOptions]>([
    ["for the account", { settings: { identifyBySeed: false } }, {}],
    ["for one submit", {}, { identifyBySeed: false }],
  ])("can be turned off %s", ([, simulation, options]) =>
    simulate(simulation, (simulator) =>
      Effect.gen(function* () {
        assert.isUndefined((yield* submit(seeded, options)).seed)
        assert.deepStrictEqual(bodies(simulator), [{ prompt }])
      }),
    ),
  )

  it.effect("never replaces the caller's, and is not sent with several outputs", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        yield* submit({ model: "model_flux-composer", inputs: { prompt, seed: 0 } })
        yield* submit({ model: "model_flux-composer", inputs: { prompt, numOutputs: 2 } })
        assert.deepStrictEqual(bodies(simulator), [
          { prompt, seed: 0 },
          { prompt, numOutputs: 2 },
        ])
      }),
    ),
  )

  it.effect.each(["dropped-seed", "changed-seed"] as const)(
    "is not relied on for a model whose answered submits break it (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.rate(fault, 1)
          yield* submit()
          simulator.faults.next("lost-response")
          const error = yield* Effect.flip(submit())
          assert.strictEqual(error._tag === "SubmitUncertain" && error.candidates.length, 1)
          assert.deepStrictEqual(bodies(simulator)[1], { prompt })
        }),
      ),
  )

  it.effect("leaves a job that echoes no seed as a candidate, after reading it by itself", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.next("dropped-seed")
        const error = yield* Effect.flip(submit())
        if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
        const [jobId] = simulator.ledger().entries.map((entry) => entry.jobId)
        assert.deepStrictEqual(
          error.candidates.map((job) => job.jobId),
          [jobId],
        )
        assert.isTrue(simulator.requests().some(({ path }) => path.endsWith(`/jobs/${jobId}`)))
      }),
    ),
  )

  it.effect("recognizes a job whose list row lacks its inputs", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.rate("list-without-inputs", 1)
        const { job } = yield* submit()
        assert.deepStrictEqual(
          simulator.ledger().entries.map((entry) => entry.jobId),
          [job.jobId],
        )
      }),
    ),
  )

  it.effect("does not take a job for its own that has a seed of Scenario's", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("own-seed", 1)
        yield* submit(seeded, { identifyBySeed: false })
        simulator.faults.next("server-error", { path: "/generate/" })
        const error = yield* Effect.flip(submit())
        assert.deepStrictEqual(error._tag === "SubmitUncertain" && error.candidates, [])
      }),
    ),
  )

  it.effect("is part of a whole generation's result", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const { seed, snapshot } = yield* generate(seeded)
        assert.strictEqual(snapshot?.input?.["seed"], seed)
      }),
    ),
  )
})
