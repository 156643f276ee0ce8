import type { WorkflowRecord } from "../catalog/WorkflowRecord.ts"
import { checkModelInputs } from "../contract/checkModelInputs.ts"
import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { cutPage } from "../http/cutPage.ts"
import { refuse } from "../http/Refusal.ts"
import { get, pages, post, put, remove, type Route, submitQuery } from "../http/Route.ts"
import { type JsonObject, readString } from "../json.ts"
import { createJob } from "../world/createJob.ts"
import { getWorkflowPrice, WorkflowRun } from "../world/WorkflowRun.ts"
import { makeEcho, findFiles, noteBodyDryRun, priceOrRun, refuseProblems } from "./submitting.ts"

type Parameters = Readonly<Record<string, string>>

const catalogDate = "2026-05-01T08:00:00.000Z"

const toWorkflowJson = (exchange: Exchange, workflow: WorkflowRecord): JsonObject => {
  const picture = {
    assetId: `asset_of_${workflow.id}`,
    url: `${exchange.world.links.origin}/thumbnails/workflows/${workflow.id}`,
  }
  return {
    id: workflow.id,
    name: workflow.name,
    description: workflow.description,
    shortDescription: workflow.description,
    status: workflow.status,
    privacy: workflow.privacy,
    tagSet: workflow.tags,
    authorId: exchange.world.authorId,
    ownerId: exchange.world.settings.projectId,
    createdAt: catalogDate,
    updatedAt: catalogDate,
    inputs: workflow.inputs,
    outputAssetKinds: ["image"],
    before: picture,
    after: picture,
    flow: workflow.nodes.map((node) => ({
      id: node.id,
      type: node.type,
      modelId: node.modelId,
      status: "pending",
      inputs: [],
      outputs: [{ name: "image", type: "file" }],
    })),
  }
}

const getWorkflow = (exchange: Exchange, id: string): WorkflowRecord => {
  const workflow = exchange.world.workflows.get(id)
  if (workflow === undefined) throw refuse(404, `Workflow ${id} not found`)
  return workflow
}

const list = (exchange: Exchange): ApiResponse => {
  const privacy = exchange.query.get("privacy") ?? "private"
  const status = exchange.query.get("status")
  const workflows = [...exchange.world.workflows.values()].filter(
    (workflow) => workflow.privacy === privacy && (status === null || workflow.status === status),
  )
  const page = cutPage(exchange, workflows, ({ id }) => id, { default: 10, max: 200 })
  return ok({
    workflows: page.items.map((workflow) => toWorkflowJson(exchange, workflow)),
    nextPaginationToken: page.nextPaginationToken,
  })
}

const create = (exchange: Exchange): ApiResponse => {
  const body = exchange.getObjectBody()
  const name = readString(body, "name")
  const description = readString(body, "description")
  if (name === undefined || description === undefined)
    throw refuse(400, '"name" and "description" must be a string')
  const workflow: WorkflowRecord = {
    id: exchange.world.identifiers.next("wflow_"),
    name,
    description,
    status: "draft",
    privacy: "private",
    tags: [],
    inputs: [],
    nodes: [],
    price: 1,
  }
  exchange.world.workflows.set(workflow.id, workflow)
  return ok({ workflow: toWorkflowJson(exchange, workflow) })
}

const update = (exchange: Exchange, { workflowId = "" }: Parameters): ApiResponse => {
  const body = exchange.getObjectBody()
  const before = getWorkflow(exchange, workflowId)
  const workflow = {
    ...before,
    name: readString(body, "name") ?? before.name,
    description: readString(body, "description") ?? before.description,
  }
  exchange.world.workflows.set(workflowId, workflow)
  return ok({ workflow: toWorkflowJson(exchange, workflow) })
}

const erase = (exchange: Exchange, { workflowId = "" }: Parameters): ApiResponse => {
  getWorkflow(exchange, workflowId)
  exchange.world.workflows.delete(workflowId)
  return ok({})
}

const run = (exchange: Exchange, { workflowId = "" }: Parameters): ApiResponse => {
  const { world } = exchange
  const workflow = getWorkflow(exchange, workflowId)
  noteBodyDryRun(exchange)
  const { dryRun: _ignored, ...body } = exchange.getObjectBody()
  const checked = checkModelInputs(body, workflow.inputs)
  for (const dropped of checked.dropped) exchange.addViolation(dropped)
  refuseProblems(exchange, checked.problems)
  if (workflow.nodes.length === 0) throw refuse(400, `Workflow ${workflowId} is a draft`)
  const price = getWorkflowPrice(world, workflow)
  if (!exchange.isDryRun) findFiles(exchange, checked.fileValues)
  return priceOrRun(exchange, { price, actionName: "workflow", jobKind: "workflow" }, () => {
    const workflowRun = new WorkflowRun(world, workflow, checked.inputs)
    const job = createJob(world, {
      jobType: "workflow",
      endpoint: `/workflows/${workflowId}/run`,
      ...makeEcho(exchange, checked.inputs),
      duration: "image",
      price,
      workflowId,
      workflowRun,
    })
    world.workflowRuns.set(job.jobId, workflowRun)
    return {
      job: world.jobs.toJson(job),
      workflow: toWorkflowJson(exchange, workflow),
      creativeUnitsCost: price,
    }
  })
}

/** Approval and selection. Without an `action`, the step passes. */
const decide =
  (type: "user-approval" | "user-selection", yes: string) =>
  (exchange: Exchange, { workflowId = "" }: Parameters): ApiResponse => {
    const { world } = exchange
    getWorkflow(exchange, workflowId)
    const body = exchange.getObjectBody()
    const nodeId = readString(body, "nodeId")
    const jobId = readString(body, "workflowJobId")
    const action = readString(body, "action") ?? yes
    if (nodeId === undefined) throw refuse(400, '"nodeId" must be a string')
    if (jobId === undefined) throw refuse(400, '"workflowJobId" must be a string')
    if (![yes, "reject"].includes(action)) throw refuse(400, `"action" must be one of [${yes}, reject]`)
    if (!exchange.query.has("projectId")) exchange.addViolation(`projectId is required by ${type}`)
    if (type === "user-selection" && action === yes && !Array.isArray(body["selectedIndices"])) {
      throw refuse(400, '"selectedIndices" must be an array')
    }
    const job = world.jobs.find(jobId)
    const workflowRun = world.workflowRuns.get(jobId)
    if (job === undefined || workflowRun === undefined) throw refuse(404, `Job ${jobId} not found`)
    if (!workflowRun.isWaitingAt(nodeId, type)) throw refuse(400, `Node ${nodeId} is not waiting`)
    workflowRun.decide(nodeId, action === yes)
    job.timeline = workflowRun.timeline
    return ok({ job: world.jobs.toJson(job) })
  }

export const workflowRoutes: ReadonlyArray<Route> = [
  get("/workflows", list, {
    ...pages,
    privacy: ["private", "public"],
    status: ["draft", "ready"],
    tags: "text",
  }),
  post("/workflows", create),
  get("/workflows/:workflowId", (exchange, { workflowId = "" }) =>
    ok({ workflow: toWorkflowJson(exchange, getWorkflow(exchange, workflowId)) }),
  ),
  put("/workflows/:workflowId", update),
  remove("/workflows/:workflowId", erase),
  put("/workflows/:workflowId/run", run, submitQuery),
  put("/workflows/:workflowId/user-approval", decide("user-approval", "approve")),
  put("/workflows/:workflowId/user-selection", decide("user-selection", "select")),
]
