import { JobList, Jobs } from "@scenario-automation/core"
import { Effect } from "effect"
import { filtersField, jobStatusFilter, jobTypesFilter } from "../fields/lists.ts"
import { jobIdField } from "../fields/target.ts"
import type { Operation, Resource } from "../Operation.ts"
import { jobJson } from "../output/plainJson.ts"
import { givenList, textOf } from "../values.ts"
import { getManyOf } from "./listing.ts"

const get: Operation = {
  value: "get",
  name: "Get",
  action: "Get a job",
  description: "Look at a job once, without waiting",
  fields: [jobIdField],
  run: (item) =>
    Effect.map(
      Jobs.use((jobs) => jobs.get(item.text("jobId"))),
      (job) => [{ json: jobJson(job) }],
    ),
}

const getMany = getManyOf({
  action: "Get many jobs",
  description: "List jobs, the latest first",
  filters: filtersField([
    jobTypesFilter,
    jobStatusFilter,
    { displayName: "Workflow ID", name: "workflowId", type: "string", default: "", placeholder: "wflow_…" },
  ]),
  list: (item) =>
    JobList.useSync((jobs) =>
      jobs.list({
        status: textOf(item.filter("status")),
        types: givenList(item.filter("types")),
        workflowId: textOf(item.filter("workflowId")),
      }),
    ),
  json: jobJson,
})

const cancel: Operation = {
  value: "cancel",
  name: "Cancel",
  action: "Cancel a job",
  description: "Ask Scenario to stop a job; only some kinds can be stopped",
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
  description: "Generations that run or have run",
  operations: [cancel, get, getMany],
  first: get,
}
