import { Jobs, Workflows } from "@scenario-automation/core"
import { findStepsAwaitingApproval } from "@scenario-automation/core/job-status"
import { Effect } from "effect"
import { makeFiltersField, isPublic, publicFilter, tagsFilter } from "../fields/lists.ts"
import { runOptions } from "../fields/options.ts"
import { costNotice, fileNotice, makeInputsField, jobIdField, workflowField } from "../fields/target.ts"
import { generateItem } from "../generating.ts"
import { readRequest } from "../inputs/readRequest.ts"
import { BadParameter } from "../BadParameter.ts"
import { toJobJson, toWorkflowJson } from "../output/toJson.ts"
import type { Operation, Resource } from "../Operation.ts"
import { toFilledList } from "../values.ts"
import { makeGetMany } from "./makeListing.ts"

const run: Operation = {
  value: "run",
  name: "Run",
  action: "Run a workflow",
  description: "Run a Scenario workflow, wait for the result and download its files",
  fields: [workflowField, makeInputsField("workflowId.value"), fileNotice, costNotice, runOptions],
  run: (item) =>
    Effect.flatMap(readRequest(item, { workflow: item.text("workflowId") }), (request) =>
      generateItem(item, request),
    ),
}

const getMany = makeGetMany({
  action: "Get many workflows",
  description: "Get many workflows that can be run",
  filters: makeFiltersField([publicFilter, tagsFilter]),
  list: (item) =>
    Workflows.useSync((workflows) =>
      workflows.list({
        privacy: isPublic(item, false) ? "public" : undefined,
        status: "ready",
        tags: toFilledList(item.filter("tags")),
      }),
    ),
  json: toWorkflowJson,
})

const stepField = {
  displayName: "Step ID",
  name: "nodeId",
  type: "string",
  default: "",
  placeholder: "e.g. approval",
  description: "Leave empty if only one step is waiting",
} as const

/** Only a workflow with branches can wait at several steps. */
const findWaitingStep = Effect.fnUntraced(function* (jobId: string) {
  const jobs = yield* Jobs
  const waiting = findStepsAwaitingApproval(yield* jobs.get(jobId)).map(({ stepId }) => stepId)
  const [only] = waiting
  if (only !== undefined && waiting.length === 1) return only
  return yield* new BadParameter({
    message:
      only === undefined
        ? `Job ${jobId} has no step waiting for approval. Check its status with Job: Get.`
        : `Job ${jobId} has several steps waiting for approval. Enter one of them as Step ID: ${waiting.join(", ")}.`,
  })
})

const makeDecision = (verb: "approve" | "reject", action: string, description: string): Operation => ({
  value: verb,
  name: verb === "approve" ? "Approve" : "Reject",
  action,
  description,
  fields: [jobIdField, stepField],
  run: Effect.fnUntraced(function* (item) {
    const workflows = yield* Workflows
    const jobId = item.text("jobId")
    const step = item.text("nodeId") || (yield* findWaitingStep(jobId))
    return [{ json: toJobJson(yield* workflows[verb](jobId, step)) }]
  }),
})

export const workflow: Resource = {
  value: "workflow",
  name: "Workflow",
  description: "Workflows built in Scenario (also called Apps)",
  operations: [
    makeDecision("approve", "Approve a step of a workflow", "Approve a step that is waiting for approval"),
    getMany,
    makeDecision(
      "reject",
      "Reject a step of a workflow",
      "Reject a step that is waiting for approval, which stops the workflow",
    ),
    run,
  ],
  first: run,
}
