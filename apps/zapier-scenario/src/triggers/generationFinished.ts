import { type Asset, Assets, findPrimary, type Job, thumbnailUrl } from "@scenario-automation/core"
import { getEndedAt, listFinishedGenerations } from "@scenario-automation/core/host"
import { classifyJob } from "@scenario-automation/core/job-status"
import { Effect } from "effect"
import { defineTrigger, type ZObject } from "zapier-platform-core"
import { readChoice } from "../fields/readField.ts"
import { toFilePointer } from "../outputs/assetOutput.ts"
import { describeFailure, readPrompt } from "../outputs/generationOutput.ts"
import { toIsoDate } from "../outputs/toIsoDate.ts"
import { readOutputText } from "../outputs/readOutputText.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { sampleRows } from "./sampleRows.ts"

const outcomeField = {
  key: "status",
  label: "Outcome",
  type: "string",
  choices: { success: "Success", failure: "Failure", canceled: "Canceled", any: "Any" },
  helpText: "Which outcomes trigger the Zap. Default: Success.",
} as const

const outcomes = { success: "succeeded", failure: "failed", canceled: "canceled", any: undefined } as const

export const generationFinished = defineTrigger({
  key: "generation_finished",
  noun: "Generation",
  display: {
    label: "Generation Finished",
    description:
      "Triggers when a generation of your project succeeds, no matter which app started it, or has the outcome that you choose. It returns the files. Uploads, downloads, and trainings don't trigger it.",
  },
  operation: {
    type: "polling",
    inputFields: [outcomeField],
    perform: (z, bundle) => {
      const budget = startStepBudget()
      return runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const wanted = (yield* readChoice(bundle.inputData, outcomeField)) ?? "success"
          const sample = bundle.meta.isLoadingSample ? { limit: sampleRows, maxAge: Infinity } : {}
          const jobs = yield* listFinishedGenerations({ outcome: outcomes[wanted], ...sample }).pipe(
            withinStep(budget),
          )
          const newAssets = yield* readNewAssets(jobs, budget.leftMs())
          return jobs.map((job) => toRow(z, job, newAssets))
        }),
      )
    },
    sample: {
      id: "job_ocZCnKd8Wq5rYtUe",
      status: "success",
      type: "custom",
      error: null,
      model: "model_flux-1-dev",
      prompt: "a red lighthouse on a cliff at dawn",
      cost: 5,
      createdAt: "2026-11-24T12:00:02.000Z",
      finishedAt: "2026-11-24T12:00:41.579Z",
      assetId: "asset_7f3kQ2mXbT9cLpVn",
      assetUrl: "https://cdn.cloud.scenario.com/assets/asset_7f3kQ2mXbT9cLpVn?p=100",
      thumbnailUrl: "https://cdn.cloud.scenario.com/thumbnails/asset_7f3kQ2mXbT9cLpVn",
      file: "https://cdn.cloud.scenario.com/assets/asset_7f3kQ2mXbT9cLpVn?p=100",
      text: null,
      assets: [
        {
          id: "asset_7f3kQ2mXbT9cLpVn",
          file: "https://cdn.cloud.scenario.com/assets/asset_7f3kQ2mXbT9cLpVn?p=100",
        },
      ],
    },
    outputFields: [
      { key: "id", label: "Generation ID", type: "string", primary: true },
      { key: "status", label: "Status", type: "string" },
      { key: "type", label: "Type", type: "string" },
      { key: "error", label: "Error", type: "string" },
      { key: "model", label: "Model ID", type: "string" },
      { key: "prompt", label: "Prompt", type: "string" },
      { key: "cost", label: "Cost in Compute Units", type: "number" },
      { key: "createdAt", label: "Created At", type: "datetime" },
      { key: "finishedAt", label: "Finished At", type: "datetime" },
      { key: "assetId", label: "First Asset ID", type: "string" },
      { key: "assetUrl", label: "First Asset URL", type: "string" },
      { key: "thumbnailUrl", label: "First Thumbnail URL", type: "string" },
      { key: "file", label: "First File", type: "file" },
      { key: "text", label: "Text", type: "string" },
      { key: "assets[]id", label: "Assets Asset ID", type: "string" },
      { key: "assets[]file", label: "Assets File", type: "file" },
    ],
  },
})

/**
 * Assets of the jobs that may be new to Zapier, for the links and kinds of their files, and for the model and the prompt that
 * jobs often lack. A poll has few requests, and one request reads 200 assets: the first asset of each job goes first.
 */
const readNewAssets = Effect.fnUntraced(function* (jobs: ReadonlyArray<Job>, leftMs: number) {
  const assets = yield* Assets
  const newest = Math.max(...jobs.map(getEndMs), 0)
  const lists = jobs.filter((job) => newest - getEndMs(job) < newToZapierMs).map(({ assetIds }) => assetIds)
  const ids = [...lists.flatMap(([first]) => first ?? []), ...lists.flatMap(([, ...others]) => others)]
  const found = new Map<string, Asset>()
  yield* Effect.forEach(
    ids.slice(0, maxAssets),
    (id) => Effect.map(assets.get(id), (asset) => found.set(id, asset)).pipe(Effect.ignore),
    { concurrency: "unbounded", discard: true },
  ).pipe(Effect.timeout(Math.min(maxReadMs, leftMs)), Effect.ignore)
  return found
})

/** Zapier polls at least every 15 minutes. */
const newToZapierMs = 3 * 60 * 60_000
const maxAssets = 200
const maxReadMs = 7_000

const getEndMs = (job: Job): number => Date.parse(getEndedAt(job) ?? "") || 0

const toRow = (z: ZObject, job: Job, known: ReadonlyMap<string, Asset>) => {
  const assets = job.assetIds.map((id) => ({ id, file: toFilePointer(z, id) }))
  const primary = findPrimary(
    job.assetIds.flatMap((id) => known.get(id) ?? []),
    { jobType: job.jobType },
  )
  const assetId = primary?.assetId ?? job.assetIds[0]
  return {
    id: job.jobId,
    status: job.status,
    type: job.jobType,
    error: classifyJob(job) === "failed" ? describeFailure(job) : null,
    model: job.modelId ?? primary?.modelId ?? null,
    prompt: readPrompt(job) ?? primary?.prompt ?? null,
    cost: job.cost ?? null,
    createdAt: toIsoDate(job.createdAt),
    finishedAt: toIsoDate(getEndedAt(job)),
    assetId: assetId ?? null,
    assetUrl: primary?.url || null,
    thumbnailUrl: assetId === undefined ? null : thumbnailUrl(assetId),
    file: assetId === undefined ? null : toFilePointer(z, assetId),
    text: readOutputText(job.output) ?? primary?.text ?? null,
    assets,
  }
}
