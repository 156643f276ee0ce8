import { JobList, Jobs } from "@scenario-automation/core"
import { Effect } from "effect"
import { makeFiltersField, jobStatusFilter, jobTypesFilter, readJobStatus } from "../fields/lists.ts"
import { jobIdField } from "../fields/target.ts"
import type { Operation, Resource } from "../Operation.ts"
import { toJobJson } from "../output/toJson.ts"
import { toFilledList, toText } from "../values.ts"
import { makeGetMany } from "./makeListing.ts"

const get: Operation = {
  value: "get",
  name: "Get",
  action: "Get a job",
  description: "Get a job without waiting for it to finish",
  fields: [jobIdField],
  run: (item) =>
    Effect.map(
      Jobs.use((jobs) => jobs.get(item.text("jobId"))),
      (job) => [{ json: toJobJson(job) }],
    ),
}

const getMany = makeGetMany({
  action: "Get many jobs",
  description: "Get many jobs, newest first",
  filters: makeFiltersField([
    jobTypesFilter,
    jobStatusFilter,
    {
      displayName: "Workflow ID",
      name: "workflowId",
      type: "string",
      default: "",
      placeholder: "e.g. wflow_GTrL3mq4SXWyMxkOHRxlpw",
    },
  ]),
  list: (item) =>
    JobList.useSync((jobs) =>
      jobs.list({
        status: readJobStatus(item),
        types: toFilledList(item.filter("types")),
        workflowId: toText(item.filter("workflowId")),
      }),
    ),
  json: toJobJson,
})

const cancel: Operation = {
  value: "cancel",
  name: "Cancel",
  action: "Cancel a job",
  description: "Cancel a job. Only some types of jobs can be canceled.",
  fields: [jobIdField],
  run: Effect.fnUntraced(function* (item) {
    const jobs = yield* Jobs
    const jobId = item.text("jobId")
    return [{ json: { jobId, outcome: yield* jobs.cancel(jobId) } }]
  }),
}

export const job: Resource = {
  value: "job",
  name: "Job",
  description: "Running and finished generations",
  operations: [cancel, get, getMany],
  first: get,
}
