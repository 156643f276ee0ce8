import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { Models } from "../src/account/Models.ts"
import { generate } from "../src/generate.ts"
import type { InputValue } from "../src/submit/GenerationRequest.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { submit } from "./support/generations.ts"
import { simulatedTest } from "./support/simulation.ts"

const video = (seed: InputValue) => ({ model: "model_reel-video", inputs: { prompt: "waves", seed } })
const seed = "6687881544318117707"

describe("an integer beyond 2^53", () => {
  simulatedTest.each([
    ["text", seed],
    ["a bigint", BigInt(seed)],
  ] as const)("is sent with all of its digits if it is given as %s", function* (simulator, [, given]) {
    simulator.faults.rate("large-integers", 1)
    // The simulated model has a lower maximum, so the submit fails.
    yield* Effect.ignore(submit(video(given)))
    const sent = simulator.requests().find(({ path }) => path.includes("/generate/"))
    assert.include(sent?.text, `"seed":${seed}`)
  })

  simulatedTest("is decimal text in an intent, so that it stays JSON", function* (simulator) {
    simulator.faults.rate("large-integers", 1)
    let stored = ""
    const onSending: SubmitOptions["onSending"] = (intent) =>
      Effect.sync(() => void (stored = JSON.stringify(intent)))
    yield* Effect.ignore(submit(video(BigInt(seed)), { onSending }))
    assert.include(stored, `"seed":"${seed}"`)
  })

  simulatedTest("is rejected as a number, because its digits are lost", function* (simulator) {
    simulator.faults.rate("large-integers", 1)
    const error = yield* expectFailure(generate(video(Number(seed))), "InvalidInput")
    assert.include(error.message, "pass it as text")
    assert.strictEqual(simulator.ledger().paidJobs, 0)
  })

  simulatedTest("is checked against bounds beyond 2^53", function* (simulator) {
    simulator.faults.rate("large-integers", 1)
    const error = yield* Effect.flip(generate(video("18446744073709551616")))
    assert.include(error.message, "a whole number from 0 to 18446744073709551615")
    assert.deepStrictEqual(
      simulator.requests().filter(({ method }) => method === "POST"),
      [],
    )
  })

  simulatedTest("is decimal text in results, so that they stay JSON", function* (simulator) {
    simulator.faults.rate("large-integers", 1)
    const generated = yield* generate(video(7))
    assert.strictEqual(generated.assets[0]?.seed, seed)
    assert.strictEqual(generated.snapshot?.input?.["seed"], seed)
    const job = yield* Jobs.use((jobs) => jobs.get(generated.job))
    assert.include(JSON.stringify(job), `"seed":"${seed}"`)
    const model = yield* Models.use((models) => models.get("model_reel-video"))
    assert.strictEqual(model.inputs?.find(({ name }) => name === "seed")?.max, "18446744073709551615")
  })
})
