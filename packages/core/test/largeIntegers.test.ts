import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Models } from "../src/account/Models.ts"
import { generate } from "../src/generate.ts"
import type { InputValue } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { simulate } from "./support/simulation.ts"

const video = (seed: InputValue) => ({ model: "model_reel-video", inputs: { prompt: "waves", seed } })
const seed = "6687881544318117707"

describe("an integer beyond 2^53", () => {
  it.effect.each([
    ["text", seed],
    ["a bigint", BigInt(seed)],
  ] as const)("is sent with all of its digits when it is given as %s", ([, given]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("large-integers", 1)
        // The simulated model takes less; that is not the point here.
        yield* Effect.ignore(Generations.use((generations) => generations.submit(video(given))))
        const submit = simulator.requests().find(({ path }) => path.includes("/generate/"))
        assert.include(submit?.text, `"seed":${seed}`)
      }),
    ),
  )

  it.effect("is decimal text in a submit's intent, which is plain data", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("large-integers", 1)
        let stored = ""
        const onSending: SubmitOptions["onSending"] = (intent) =>
          Effect.sync(() => void (stored = JSON.stringify(intent)))
        yield* Effect.ignore(
          Generations.use((generations) => generations.submit(video(BigInt(seed)), { onSending })),
        )
        assert.include(stored, `"seed":"${seed}"`)
      }),
    ),
  )

  it.effect("is refused as a number, whose digits are lost already", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("large-integers", 1)
        const error = yield* Effect.flip(generate(video(Number(seed))))
        assert.strictEqual(error._tag, "InvalidInput")
        assert.include(error.message, "pass it as text")
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )

  it.effect("is checked against bounds that are integers too", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("large-integers", 1)
        const error = yield* Effect.flip(generate(video("18446744073709551616")))
        assert.include(error.message, "a whole number from 0 to 18446744073709551615")
        assert.deepStrictEqual(
          simulator.requests().filter(({ method }) => method === "POST"),
          [],
        )
      }),
    ),
  )

  it.effect("is decimal text in results, so that they stay JSON", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("large-integers", 1)
        const generated = yield* generate(video(7))
        assert.strictEqual(generated.assets[0]?.seed, seed)
        assert.strictEqual(generated.snapshot?.input?.["seed"], seed)
        const job = yield* Jobs.use((jobs) => jobs.get(generated.job))
        assert.include(JSON.stringify(job), `"seed":"${seed}"`)
        const model = yield* Models.use((models) => models.get("model_reel-video"))
        assert.strictEqual(model.inputs?.find(({ name }) => name === "seed")?.max, "18446744073709551615")
      }),
    ),
  )
})
