import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type { Job } from "../api/Job.ts"
import type { Model } from "../api/Model.ts"
import type { DurationExpectation } from "./DurationEstimate.ts"
import { getDurationPrior } from "./durationPriors.ts"
import { estimateDuration } from "./estimateDuration.ts"
import { getJobDuration } from "./jobDuration.ts"
import { getOutputKind, type OutputKind } from "./outputKind.ts"
import {
  readRememberedDurations,
  type RememberedDurations,
  type RememberedJob,
} from "./RememberedDurations.ts"

/** What jobs that take about the same time have in common. */
export interface JobTraits {
  /** The model that the job was sent to: of a LoRA, its base model. */
  readonly modelId?: string | undefined
  readonly workflowId?: string | undefined
  readonly jobType?: string | undefined
}

/** How a job became known. */
export interface LearnOptions {
  /**
   * How long the job can have taken at most, in milliseconds, if the caller has watched it from its beginning: the dates of a job
   * can be wrong, and our own clock isn't. Default: unknown, as for listed jobs, which improve a prior and don't replace it.
   */
  readonly maxMs?: number | undefined
  /**
   * The model that the job was sent to, if the caller knows. The job itself may show the LoRA among its inputs. Default: the
   * model of the job.
   */
  readonly modelId?: string | undefined
}

/** What is known of how long jobs take, by model, learned from every finished job that is read. */
export class DurationHistory extends Context.Service<
  DurationHistory,
  {
    /** How long a job like this one takes. */
    expect(job: JobTraits): DurationExpectation
    /** Learns from a finished job; ignores others, and those that it has learned already. */
    learn(job: Job, options?: LearnOptions): void
    /** Remembers what the model makes: the best guess until one of its jobs has finished. */
    recognize(model: Pick<Model, "modelId" | "capabilities">): void
    /** What a model makes, if it was recognized and its capabilities agree. */
    getOutput(modelId: string | undefined): OutputKind | undefined
    /** All of it as plain data, to keep until the next run. */
    export(): RememberedDurations
    /** Adds what an earlier run has exported, beneath what was learned since; ignores what it can't read. */
    import(exported: unknown): void
  }
>()("@scenario-automation/core/DurationHistory") {
  /** @internal */
  static readonly layer: Layer.Layer<DurationHistory> = Layer.sync(DurationHistory, () => make())
}

const make = (): DurationHistory["Service"] => {
  const known = new Map<string, KnownModel>()
  const recent = new Set<string>()
  const outputs = new Map<string, OutputKind>()

  /** Deletes the key first, so that the keys are in the order of their last use. */
  const remember = (key: string, jobs: ReadonlyArray<RememberedJob>) => {
    known.delete(key)
    known.set(key, { jobs: jobs.slice(-maxJobsPerModel), expectation: undefined })
    forgetOldest(known, maxModels)
  }

  return DurationHistory.of({
    expect: (job) => {
      const model = known.get(getKey(job))
      if (model === undefined) return getDurationPrior(job.jobType, outputs.get(job.modelId ?? ""))
      model.expectation ??= toExpectation(model.jobs)
      return model.expectation
    },
    learn: (job, { maxMs, modelId } = {}) => {
      const duration = getJobDuration(job)
      const isOwn = maxMs !== undefined
      if (duration === undefined || (!isOwn && recent.has(job.jobId))) return
      recent.add(job.jobId)
      forgetOldest(recent, maxRecentJobs)
      const key = getKey({ ...job, modelId: modelId ?? job.modelId })
      const totalMs = Math.min(duration.totalMs, maxMs ?? duration.totalMs)
      const runMs = Math.min(duration.runMs ?? 0, totalMs)
      if (totalMs > 0) remember(key, [...(known.get(key)?.jobs ?? []), { totalMs, runMs, isOwn }])
    },
    recognize: ({ modelId, capabilities }) => {
      const output = getOutputKind(capabilities)
      if (output === undefined) return
      outputs.delete(modelId)
      outputs.set(modelId, output)
      forgetOldest(outputs, maxModels)
    },
    getOutput: (modelId) => outputs.get(modelId ?? ""),
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
}

/** By its model, or its workflow (the jobs of whose steps have models of their own), or only its type. */
const getKey = ({ modelId, workflowId, jobType }: JobTraits): string => {
  const isWorkflow = jobType === undefined || jobType.toLowerCase() === "workflow"
  return modelId ?? (isWorkflow ? workflowId : undefined) ?? jobType ?? ""
}

interface KnownModel {
  readonly jobs: ReadonlyArray<RememberedJob>
  /** Computed on demand, because a page can teach hundreds of jobs at once. */
  expectation: DurationExpectation | undefined
}

/** Enough for a good estimate, few enough to follow a model that has become faster. */
const maxJobsPerModel = 20
const maxModels = 500
const maxRecentJobs = 1_000

/** From this many jobs watched here on, listed jobs have nothing to add. */
const minOwnJobs = 3

const toExpectation = (jobs: ReadonlyArray<RememberedJob>): DurationExpectation => {
  const own = jobs.filter((job) => job.isOwn)
  const used = own.length >= minOwnJobs ? own : jobs
  const runs = used.filter((job) => job.runMs > 0).map((job) => job.runMs)
  return {
    ...estimateDuration(used.map((job) => job.totalMs)),
    isLearned: own.length > 0,
    run: runs.length >= minOwnJobs ? estimateDuration(runs) : undefined,
  }
}

const forgetOldest = (collection: Map<string, unknown> | Set<string>, maxSize: number): void => {
  const first = collection.keys().next().value
  if (collection.size > maxSize && first !== undefined) collection.delete(first)
}
