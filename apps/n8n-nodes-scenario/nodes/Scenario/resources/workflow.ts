import { Jobs, findStepsAwaitingApproval, Workflows } from "@scenario-automation/core"
import { Effect } from "effect"
import { filtersField, publicFilter, tagsFilter } from "../fields/lists.ts"
import { generateOptions } from "../fields/options.ts"
import { inputsField, jobIdField, workflowField } from "../fields/target.ts"
import { generateItem } from "../generating.ts"
import { requestOf } from "../inputs/requestOf.ts"
import { BadParameter } from "../nodeError.ts"
import { jobJson, workflowJson } from "../output/plainJson.ts"
import type { Operation, Resource } from "../Operation.ts"
import { givenList } from "../values.ts"
import { getManyOf } from "./listing.ts"

const run: Operation = {
  value: "run",
  name: "Run",
  action: "Run a workflow",
  description: "Run a Scenario workflow (App), wait for the result and download its files",
  fields: [workflowField, inputsField("workflowId.value"), generateOptions],
  run: (item) =>
    Effect.flatMap(requestOf(item, { workflow: item.text("workflowId") }), (request) =>
      generateItem(item, request),
    ),
}

const getMany = getManyOf({
  action: "Get many workflows",
  description: "List workflows that can be run",
  filters: filtersField([publicFilter, tagsFilter]),
  list: (item) =>
    Workflows.useSync((workflows) =>
      workflows.list({
        privacy: item.filter("public") === true ? "public" : undefined,
        status: "ready",
        tags: givenList(item.filter("tags")),
      }),
    ),
  json: workflowJson,
})

const stepField = {
  displayName: "Step ID",
  name: "nodeId",
  type: "string",
  default: "",
  placeholder: "The step that waits",
  description: "Leave empty for the one step that waits",
} as const

/** A workflow stands at one step at a time, unless it was drawn with branches. */
const waitingStep = Effect.fnUntraced(function* (jobId: string) {
  const jobs = yield* Jobs
  const standing = findStepsAwaitingApproval(yield* jobs.get(jobId)).map(({ stepId }) => stepId)
  const [only] = standing
  if (only !== undefined && standing.length === 1) return only
  return yield* new BadParameter({
    message:
      only === undefined
        ? `Job ${jobId} has no step that waits for approval. Check its status with Job: Get.`
        : `Job ${jobId} waits at several steps. Enter one of them as Step ID: ${standing.join(", ")}.`,
  })
})

/** Approves or rejects the step that a running workflow stands at. */
const decision = (verb: "approve" | "reject", action: string, description: string): Operation => ({
  value: verb,
  name: verb === "approve" ? "Approve" : "Reject",
  action,
  description,
  fields: [jobIdField, stepField],
  run: Effect.fnUntraced(function* (item) {
    const workflows = yield* Workflows
    const jobId = item.text("jobId")
    const step = item.text("nodeId") || (yield* waitingStep(jobId))
    return [{ json: jobJson(yield* workflows[verb](jobId, step)) }]
  }),
})

export const workflow: Resource = {
  value: "workflow",
  name: "Workflow",
  description: "Workflows built in Scenario (Apps)",
  operations: [
    decision("approve", "Approve a step of a workflow", "Let a running workflow go on"),
    getMany,
    decision("reject", "Reject a step of a workflow", "Stop a running workflow at the step that waits"),
    run,
  ],
  first: run,
}
