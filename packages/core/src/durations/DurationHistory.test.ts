import { it } from "@effect/vitest"
import { Effect } from "effect"
import { assert, describe } from "vitest"
import { type Job, readJob } from "../api/Job.ts"
import { DurationHistory } from "./DurationHistory.ts"

const submittedAt = Date.parse("2026-01-01T00:00:00Z")
let created = 0

const finished = (
  seconds: number,
  options: {
    modelId?: string
    queuedSeconds?: number
    workflow?: { workflowId: string; jobType: string }
  } = {},
): Job => {
  const at = (offset: number) => new Date(submittedAt + offset * 1000).toISOString()
  created += 1
  const job = readJob({
    jobId: `job_${created}`,
    jobType: options.workflow?.jobType ?? "custom",
    status: "success",
    createdAt: at(0),
    statusHistory: [
      { status: "queued", date: at(0) },
      { status: "in-progress", date: at(options.queuedSeconds ?? 0) },
      { status: "success", date: at(seconds) },
    ],
    metadata:
      options.workflow === undefined
        ? { modelId: options.modelId ?? "model_a" }
        : { workflowId: options.workflow.workflowId },
  })
  if (job === undefined) throw new Error("no job")
  return job
}

const withHistory = (title: string, test: (history: DurationHistory["Service"]) => void) =>
  it.effect(title, () =>
    DurationHistory.use((history) => Effect.sync(() => test(history))).pipe(
      Effect.provide(DurationHistory.layer),
    ),
  )

const modelA = { modelId: "model_a", jobType: "custom" }

describe("DurationHistory", () => {
  withHistory("guesses by kind until a job of the model was seen", (history) => {
    assert.isFalse(history.expect(modelA).isLearned)
    assert.isBelow(history.expect({ jobType: "caption" }).medianMs, history.expect(modelA).medianMs)
  })

  withHistory(
    "guesses by what a model makes, once that is known and until one of its jobs was seen",
    (history) => {
      const unknown = history.expect(modelA)
      history.recognize({ modelId: "model_a", capabilities: ["txt2video", "img2video"] })
      assert.isAbove(history.expect(modelA).medianMs, 3 * unknown.medianMs)
      assert.isAbove(history.expect({ modelId: "model_a" }).medianMs, 3 * unknown.medianMs)
      assert.isFalse(history.expect(modelA).isLearned)
      assert.deepStrictEqual(history.expect({ modelId: "model_b", jobType: "custom" }), unknown)
      history.learn(finished(10), { maxMs: 1e9 })
      assert.approximately(history.expect(modelA).medianMs, 10_000, 1)
    },
  )

  withHistory("believes a job's own type before what its model makes", (history) => {
    history.recognize({ modelId: "model_a", capabilities: ["txt2video"] })
    const caption = history.expect({ jobType: "caption" })
    assert.deepStrictEqual(history.expect({ modelId: "model_a", jobType: "caption" }), caption)
  })

  withHistory("knows each workflow by itself, and its steps by what they are", (history) => {
    const slow = { workflowId: "wf_slow", jobType: "workflow" }
    const fast = { workflowId: "wf_fast", jobType: "workflow" }
    history.learn(finished(600, { workflow: slow }), { maxMs: 1e9 })
    history.learn(finished(30, { workflow: fast }), { maxMs: 1e9 })
    history.learn(finished(5, { workflow: { ...slow, jobType: "pixelate" } }), { maxMs: 1e9 })
    assert.approximately(history.expect(slow).medianMs, 600_000, 1)
    assert.approximately(history.expect({ workflowId: "wf_fast" }).medianMs, 30_000, 1)
    assert.approximately(history.expect({ jobType: "pixelate" }).medianMs, 5_000, 1)
    assert.isFalse(history.expect({ workflowId: "wf_other", jobType: "workflow" }).isLearned)
  })

  withHistory("is not moved by one job that took ten times as long", (history) => {
    for (const seconds of [20, 21, 19, 20, 22, 200]) history.learn(finished(seconds), { maxMs: 1e9 })
    const { medianMs, sigma } = history.expect(modelA)
    assert.isAtLeast(medianMs, 19_000)
    assert.isAtMost(medianMs, 25_000)
    assert.isBelow(sigma, 0.45)
  })

  withHistory(
    "finds two groups of jobs if a model has two speeds, and none if it varies by chance",
    (history) => {
      for (const seconds of [30, 92, 28, 33, 88, 31, 95, 27, 90, 29])
        history.learn(finished(seconds), { maxMs: 1e9 })
      const [quick, slow] = history.expect(modelA).groups ?? []
      assert.approximately(quick?.share ?? 0, 0.6, 0.01)
      assert.approximately(quick?.medianMs ?? 0, 30_000, 1_500)
      assert.approximately(slow?.medianMs ?? 0, 91_000, 3_000)
      for (const seconds of [14, 17, 18, 21, 23, 25, 30, 33, 41, 60]) {
        history.learn(finished(seconds, { modelId: "model_wide" }), { maxMs: 1e9 })
      }
      assert.isUndefined(history.expect({ modelId: "model_wide" }).groups)
    },
  )

  withHistory("takes two late jobs for stragglers", (history) => {
    for (const seconds of [20, 21, 19, 20, 22, 18, 90, 95]) history.learn(finished(seconds), { maxMs: 1e9 })
    assert.isUndefined(history.expect(modelA).groups)
  })

  withHistory("separates the time in the queue from the time of the work", (history) => {
    for (const queuedSeconds of [5, 40, 15])
      history.learn(finished(queuedSeconds + 10, { queuedSeconds }), { maxMs: 1e9 })
    assert.approximately(history.expect(modelA).run?.medianMs ?? 0, 10_000, 1)
    assert.isAbove(history.expect(modelA).medianMs, 20_000)
  })

  withHistory("follows a model that has become faster", (history) => {
    for (let job = 0; job < 30; job++) history.learn(finished(60), { maxMs: 1e9 })
    for (let job = 0; job < 15; job++) history.learn(finished(10), { maxMs: 1e9 })
    assert.isBelow(history.expect(modelA).medianMs, 20_000)
  })

  withHistory("trusts jobs that were watched here more than the dates of listed jobs", (history) => {
    history.learn(finished(100))
    assert.isFalse(history.expect(modelA).isLearned)
    assert.approximately(history.expect(modelA).medianMs, 100_000, 1)
    for (let job = 0; job < 3; job++) history.learn(finished(100), { maxMs: 10_000 })
    assert.isTrue(history.expect(modelA).isLearned)
    assert.approximately(history.expect(modelA).medianMs, 10_000, 1)
  })

  withHistory("learns a LoRA's job under the base model that it was sent to", (history) => {
    const base = { modelId: "model_base", jobType: "custom" }
    history.learn(finished(42, { modelId: "model_lora" }), { maxMs: 1e9, modelId: "model_base" })
    assert.approximately(history.expect(base).medianMs, 42_000, 1)
    assert.isFalse(history.expect({ modelId: "model_lora", jobType: "custom" }).isLearned)
  })

  withHistory("counts a job that is read again only once", (history) => {
    const job = finished(100)
    for (let time = 0; time < 5; time++) history.learn(job)
    assert.strictEqual(history.export().models[0]?.jobs.length, 1)
  })

  withHistory("remembers a bounded number of models and jobs", (history) => {
    for (let model = 0; model < 700; model++) history.learn(finished(10, { modelId: `model_${model}` }))
    for (let job = 0; job < 100; job++) history.learn(finished(10))
    const { models } = history.export()
    assert.isAtMost(models.length, 500)
    assert.isTrue(models.every(({ jobs }) => jobs.length <= 20))
  })

  it.effect("continues in another process from an export that went through JSON", () =>
    Effect.gen(function* () {
      const use = <A>(program: (history: DurationHistory["Service"]) => A) =>
        DurationHistory.use((history) => Effect.sync(() => program(history))).pipe(
          Effect.provide(DurationHistory.layer, { local: true }),
        )
      const [exported, expected] = yield* use((history) => {
        for (const seconds of [20, 25, 22, 30]) history.learn(finished(seconds), { maxMs: 1e9 })
        return [JSON.stringify(history.export()), history.expect(modelA)] as const
      })
      const restored = yield* use((history) => {
        history.import(JSON.parse(exported))
        return history.expect(modelA)
      })
      assert.deepStrictEqual(restored, expected)
    }),
  )

  withHistory("ignores an import that it can't read", (history) => {
    for (const exported of [
      undefined,
      "text",
      { version: 2, models: [{ key: "model_a", jobs: [{ totalMs: 1000, runMs: 0, isOwn: true }] }] },
      {
        version: 1,
        models: [{ key: "model_a", jobs: [{ totalMs: "1000" }, { totalMs: -1 }] }, null, { key: 1 }],
      },
    ]) {
      history.import(exported)
    }
    assert.deepStrictEqual(history.export().models, [])
  })
})
