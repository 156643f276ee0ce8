import { Context, Layer } from "effect"
import type { Job } from "../api/Job.ts"
import type { Model } from "../api/Model.ts"
import { estimateOf } from "./durationEstimate.ts"
import { priorOf } from "./durationPriors.ts"
import { durationOf } from "./jobDuration.ts"
import { type OutputKind, outputKindOf } from "./outputKind.ts"
import type { DurationExpectation } from "./Pace.ts"
import {
  readRememberedDurations,
  type RememberedDurations,
  type RememberedJob,
} from "./RememberedDurations.ts"

/** What jobs have in common that take about the same. */
interface Like {
  readonly modelId?: string | undefined
  readonly workflowId?: string | undefined
  readonly jobType?: string | undefined
}

/** What is known of how long jobs take, by model, learned from every finished job that passes by. */
export class DurationHistory extends Context.Service<
  DurationHistory,
  {
    /** How long a job like this one takes. */
    expect(job: Like): DurationExpectation
    /**
     * Learns from a finished job; others are ignored, and so is one that was learned already. `atMostMs`: how long it
     * can have taken at most, where the caller has watched it from its beginning; the dates of a job can be wrong, and
     * our own clock is not. Without it the job is hearsay, which makes a guess better and does not replace it.
     */
    learn(job: Job, atMostMs?: number): void
    /** Remembers what the model makes: all there is to go by until one of its jobs was seen. */
    recognize(model: Pick<Model, "modelId" | "capabilities">): void
    /** All of it as plain data, for whoever keeps it until the next run. */
    export(): RememberedDurations
    /** Takes up what an earlier run has exported, beneath what was learned since; what it cannot read it leaves. */
    import(exported: unknown): void
  }
>()("@scenario-automation/core/DurationHistory") {
  static readonly layer: Layer.Layer<DurationHistory> = Layer.sync(DurationHistory, () => {
    const known = new Map<string, KnownModel>()
    const recent = new Set<string>()
    const outputs = new Map<string, OutputKind>()

    /** Set anew, so that the first key is the one not heard of for longest. */
    const remember = (key: string, jobs: ReadonlyArray<RememberedJob>) => {
      known.delete(key)
      known.set(key, { jobs: jobs.slice(-rememberedJobs), expectation: undefined })
      forgetFirst(known, rememberedModels)
    }

    return DurationHistory.of({
      expect: (job) => {
        const model = known.get(keyOf(job))
        if (model === undefined) return priorOf(job.jobType, outputs.get(job.modelId ?? ""))
        model.expectation ??= expectationOf(model.jobs)
        return model.expectation
      },
      learn: (job, atMostMs) => {
        const duration = durationOf(job)
        const isOwn = atMostMs !== undefined
        if (duration === undefined || (!isOwn && recent.has(job.jobId))) return
        recent.add(job.jobId)
        forgetFirst(recent, rememberedJobIds)
        const key = keyOf(job)
        const totalMs = Math.min(duration.totalMs, atMostMs ?? duration.totalMs)
        const runMs = Math.min(duration.runMs ?? 0, totalMs)
        remember(key, [...(known.get(key)?.jobs ?? []), { totalMs, runMs, isOwn }])
      },
      recognize: ({ modelId, capabilities }) => {
        const output = outputKindOf(capabilities)
        if (output === undefined) return
        outputs.set(modelId, output)
        forgetFirst(outputs, rememberedModels)
      },
      export: () => ({
        version: 1,
        models: [...known].map(([key, { jobs }]) => ({ key, jobs })),
      }),
      import: (exported) => {
        const sinceThen = [...known]
        for (const { key, jobs } of readRememberedDurations(exported)) remember(key, jobs)
        for (const [key, { jobs }] of sinceThen) remember(key, [...(known.get(key)?.jobs ?? []), ...jobs])
      },
    })
  })
}

/** By its model, or its workflow (the jobs of whose steps have models of their own), or its type alone. */
const keyOf = ({ modelId, workflowId, jobType }: Like): string => {
  const isWorkflow = jobType === undefined || jobType === "workflow"
  return modelId ?? (isWorkflow ? workflowId : undefined) ?? jobType ?? ""
}

interface KnownModel {
  readonly jobs: ReadonlyArray<RememberedJob>
  /** Computed when it is asked for, since pages teach hundreds of jobs at once. */
  expectation: DurationExpectation | undefined
}

/** Enough for a good estimate, few enough to follow a model that has become faster. */
const rememberedJobs = 20
const rememberedModels = 500
const rememberedJobIds = 1_000

/** From so many jobs watched here on, hearsay has nothing to add. */
const enoughOwnJobs = 3

const expectationOf = (jobs: ReadonlyArray<RememberedJob>): DurationExpectation => {
  const own = jobs.filter((job) => job.isOwn)
  const used = own.length >= enoughOwnJobs ? own : jobs
  const runs = used.filter((job) => job.runMs > 0).map((job) => job.runMs)
  return {
    ...estimateOf(used.map((job) => job.totalMs)),
    isLearned: own.length > 0,
    run: runs.length >= enoughOwnJobs ? estimateOf(runs) : undefined,
  }
}

const forgetFirst = (collection: Map<string, unknown> | Set<string>, most: number): void => {
  const first = collection.keys().next().value
  if (collection.size > most && first !== undefined) collection.delete(first)
}
