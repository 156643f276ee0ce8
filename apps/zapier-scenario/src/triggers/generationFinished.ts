import { classifyJob, type Job, JobList } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import { defineTrigger, type ZObject } from "zapier-platform-core"
import { textAt } from "../fields/textAt.ts"
import { fileOf } from "../outputs/assetOutput.ts"
import { isoDate } from "../outputs/isoDate.ts"
import { textOfOutput } from "../outputs/textOfOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { rowsOfPoll } from "./rowsOfPoll.ts"

export const generationFinished = defineTrigger({
  // For ever: Zapier knows by it which Zaps are whose.
  key: "generation_finished",
  noun: "Generation",
  display: {
    label: "Generation Finished",
    description:
      "Triggers when a generation of your project has ended: in success, unless you choose another end. It brings the files, whichever way the generation was started.",
  },
  operation: {
    type: "polling",
    inputFields: [
      {
        key: "status",
        label: "Ended In",
        type: "string",
        choices: { success: "Success", failure: "Failure", canceled: "Cancellation", any: "Any of these" },
        helpText: "Which ends to trigger for. Default: success.",
      },
    ],
    perform: (z, bundle) => {
      const wanted = textAt(bundle.inputData, "status") ?? "success"
      const { most, pageSize } = rowsOfPoll(bundle, 200)
      return runStep(
        z,
        bundle,
        Effect.flatMap(JobList, (jobs) =>
          Stream.runCollect(
            jobs.list({ pageSize, ...(wanted === "any" ? {} : { status: wanted }) }).pipe(
              Stream.take(most),
              Stream.filter((job) => classifyJob(job) !== "waiting"),
            ),
          ),
        ).pipe(
          withinStep(startStepClock()),
          Effect.map((jobs) => [...new Map(jobs.map((job) => [job.jobId, rowOf(z, job)])).values()]),
        ),
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
      { key: "id", label: "Generation", type: "string", primary: true },
      { key: "status", label: "Status", type: "string" },
      { key: "type", label: "Type", type: "string" },
      { key: "error", label: "Error", type: "string" },
      { key: "model", label: "Model", type: "string" },
      { key: "prompt", label: "Prompt", type: "string" },
      { key: "cost", label: "Cost in Compute Units", type: "number" },
      { key: "createdAt", label: "Created At", type: "datetime" },
      { key: "finishedAt", label: "Finished At", type: "datetime" },
      { key: "assetId", label: "First Asset", type: "string" },
      { key: "file", label: "First File", type: "file" },
      { key: "text", label: "Text", type: "string" },
      { key: "assets[]id", label: "Assets Asset", type: "string" },
      { key: "assets[]file", label: "Assets File", type: "file" },
    ],
  },
})

/** The files are pointers, fetched only where a step uses them: asking for every asset's link at every poll would cost a request each. */
const rowOf = (z: ZObject, job: Job) => {
  const assets = job.assetIds.map((id) => ({ id, file: fileOf(z, id) }))
  const prompt = job.input?.["prompt"]
  return {
    id: job.jobId,
    status: job.status,
    type: job.jobType,
    error: classifyJob(job) === "failed" ? [job.error, job.hint].filter(Boolean).join(" ") : null,
    model: job.modelId ?? null,
    prompt: typeof prompt === "string" ? prompt : null,
    cost: job.cost ?? null,
    createdAt: isoDate(job.createdAt),
    finishedAt: isoDate(
      job.statusHistory.findLast(({ status }) => status === job.status)?.date ?? job.updatedAt,
    ),
    assetId: assets[0]?.id ?? null,
    file: assets[0]?.file ?? null,
    text: textOfOutput(job.output) ?? null,
    assets,
  }
}
