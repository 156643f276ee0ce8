import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { Job } from "../api/Job.ts"
import { compareInputs } from "./compareInputs.ts"
import { recognizeJob } from "./recognizeJob.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"
import { type OpenSubmit, SubmitRegistry } from "./SubmitRegistry.ts"

const now = Date.parse("2026-11-25T12:00:00Z")
const context = { createdFrom: now - 60_000, createdUntil: now + 60_000 }

/** Few names and values, so that inputs meet each other often. */
const Value = Schema.Union([
  Schema.Literals(["a red house", "7", "", " 7 "]),
  Schema.Literals([0, 1, 7]),
  Schema.Boolean,
  Schema.Null,
  Schema.Array(Schema.Literals(["x", "y"])),
])
const Inputs = Schema.Struct({
  prompt: Schema.optionalKey(Value),
  numOutputs: Schema.optionalKey(Value),
  image: Schema.optionalKey(Value),
})

const Submit = Schema.Struct({
  inputs: Inputs,
  seed: Schema.optionalKey(Schema.Literals([1, 2, 3])),
  isLost: Schema.Boolean,
})

const makeIntent = ({ inputs, seed }: typeof Submit.Type, index: number): SubmitIntent => ({
  id: `intent ${index}`,
  method: "POST",
  path: "/generate/custom/model_1",
  inputs: { ...inputs, ...(seed === undefined ? {} : { seed }) },
  notBefore: new Date(now).toISOString(),
  clock: "scenario",
  seed,
})

const makeJob = (input: Record<string, unknown>, index: number): Job => ({
  jobId: `job_${index}`,
  jobType: "custom",
  status: "queued",
  createdAt: new Date(now + index).toISOString(),
  modelId: "model_1",
  statusHistory: [],
  assetIds: [],
  input,
  refundDisabled: false,
  steps: [],
})

describe("compareInputs", () => {
  it.effect.prop(
    "is symmetric, and finds equal what is the same in another key order",
    { one: Inputs, other: Inputs },
    ({ one, other }) =>
      Effect.sync(() => {
        const [a, b] = [one, other]
        assert.strictEqual(compareInputs(a, b), compareInputs(b, a))
        const reversed = Object.fromEntries(Object.entries(a).toReversed())
        assert.strictEqual(compareInputs(a, reversed), "equal")
      }),
  )
})

describe("recognizeJob", () => {
  it.effect.prop(
    "never calls the echo of a submit another submit's job",
    { submit: Submit, dropped: Schema.Array(Schema.Literals(["prompt", "numOutputs", "image"])) },
    ({ submit, dropped }) =>
      Effect.sync(() => {
        const intent = makeIntent(submit, 0)
        const echo = Object.fromEntries(
          Object.entries(intent.inputs).filter(([name]) => !dropped.some((other) => other === name)),
        )
        const as = recognizeJob(intent, makeJob(echo, 0), { ...context, trustsSeed: true })
        assert.notStrictEqual(as, "other")
        if (submit.seed !== undefined) assert.strictEqual(as, "certain")
      }),
  )
})

describe("SubmitRegistry", () => {
  it.effect.prop(
    "never adopts a job that another open submit could claim",
    {
      submits: Schema.Array(Submit).check(Schema.isMinLength(1)),
      extra: Schema.Array(Inputs),
      soleSubmitter: Schema.Boolean,
    },
    ({ submits, extra, soleSubmitter }) =>
      Effect.sync(() => {
        const registry = new SubmitRegistry()
        const open = submits.map((submit, index): OpenSubmit => {
          const opened = registry.open(makeIntent(submit, index), 0)
          opened.isLost = index === 0 || submit.isLost
          return opened
        })
        const jobs = [
          ...open.map(({ intent }, index) => makeJob({ ...intent.inputs }, index)),
          ...extra.map((inputs, index) => makeJob({ ...inputs }, 100 + index)),
        ]
        const [first] = open
        if (first === undefined) return
        const { job } = registry.choose(first, jobs, context, soleSubmitter)
        if (job === undefined) return
        const as = (by: OpenSubmit) => recognizeJob(by.intent, job, { ...context, trustsSeed: true })
        const isCertain = as(first) === "certain"
        assert.isTrue(isCertain || soleSubmitter)
        for (const rival of open.slice(1)) {
          const couldClaim = isCertain ? as(rival) === "certain" : as(rival) !== "other"
          if (!couldClaim) continue
          assert.isTrue(rival.isLost)
          if (!isCertain) assert.strictEqual(rival.fingerprint, first.fingerprint)
        }
      }),
    { arbitrary: { runs: 500 } },
  )
})
