import type { WorkflowRecord } from "../catalog/WorkflowRecord.ts"
import { checkModelInputs } from "../contract/checkModelInputs.ts"
import { type Answer, type Exchange, ok } from "../http/Exchange.ts"
import { cutPage } from "../http/page.ts"
import { refuse } from "../http/Refusal.ts"
import { get, pages, post, put, remove, type Route, submitQuery } from "../http/Route.ts"
import { type JsonObject, stringAt } from "../json.ts"
import { createJob } from "../world/createJob.ts"
import { workflowPrice, WorkflowRun } from "../world/WorkflowRun.ts"
import { makeEcho, findFiles, noteBodyDryRun, priceOrRun, refuseProblems } from "./submitting.ts"

type Parameters = Readonly<Record<string, string>>

const catalogDate = "2026-05-01T08:00:00.000Z"

const view = (exchange: Exchange, workflow: WorkflowRecord): JsonObject => {
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

const found = (exchange: Exchange, id: string): WorkflowRecord => {
  const workflow = exchange.world.workflows.get(id)
  if (workflow === undefined) throw refuse(404, `Workflow ${id} not found`)
  return workflow
}

const list = (exchange: Exchange): Answer => {
  const privacy = exchange.query.get("privacy") ?? "private"
  const status = exchange.query.get("status")
  const workflows = [...exchange.world.workflows.values()].filter(
    (workflow) => workflow.privacy === privacy && (status === null || workflow.status === status),
  )
  const page = cutPage(exchange, workflows, ({ id }) => id, { default: 10, max: 200 })
  return ok({
    workflows: page.items.map((workflow) => view(exchange, workflow)),
    nextPaginationToken: page.nextPaginationToken,
  })
}

const create = (exchange: Exchange): Answer => {
  const body = exchange.objectBody()
  const name = stringAt(body, "name")
  const description = stringAt(body, "description")
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
  return ok({ workflow: view(exchange, workflow) })
}

const update = (exchange: Exchange, { workflowId = "" }: Parameters): Answer => {
  const body = exchange.objectBody()
  const before = found(exchange, workflowId)
  const workflow = {
    ...before,
    name: stringAt(body, "name") ?? before.name,
    description: stringAt(body, "description") ?? before.description,
  }
  exchange.world.workflows.set(workflowId, workflow)
  return ok({ workflow: view(exchange, workflow) })
}

const erase = (exchange: Exchange, { workflowId = "" }: Parameters): Answer => {
  found(exchange, workflowId)
  exchange.world.workflows.delete(workflowId)
  return ok({})
}

const run = (exchange: Exchange, { workflowId = "" }: Parameters): Answer => {
  const { world } = exchange
  const workflow = found(exchange, workflowId)
  noteBodyDryRun(exchange)
  const { dryRun: _ignored, ...body } = exchange.objectBody()
  const checked = checkModelInputs(body, workflow.inputs)
  for (const dropped of checked.dropped) exchange.violate(dropped)
  refuseProblems(exchange, checked.problems)
  if (workflow.nodes.length === 0) throw refuse(400, `Workflow ${workflowId} is a draft`)
  const price = workflowPrice(world, workflow)
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
    return { job: world.jobs.view(job), workflow: view(exchange, workflow), creativeUnitsCost: price }
  })
}

/** Approval and selection: `action` may be left out, which lets the step pass [BL]. */
const decide =
  (type: "user-approval" | "user-selection", yes: string) =>
  (exchange: Exchange, { workflowId = "" }: Parameters): Answer => {
    const { world } = exchange
    found(exchange, workflowId)
    const body = exchange.objectBody()
    const nodeId = stringAt(body, "nodeId")
    const jobId = stringAt(body, "workflowJobId")
    const action = stringAt(body, "action") ?? yes
    if (nodeId === undefined) throw refuse(400, '"nodeId" must be a string')
    if (jobId === undefined) throw refuse(400, '"workflowJobId" must be a string')
    if (![yes, "reject"].includes(action)) throw refuse(400, `"action" must be one of [${yes}, reject]`)
    if (!exchange.query.has("projectId")) exchange.violate(`projectId is required by ${type} [BL]`)
    if (type === "user-selection" && action === yes && !Array.isArray(body["selectedIndices"])) {
      throw refuse(400, '"selectedIndices" must be an array')
    }
    const job = world.jobs.find(jobId)
    const workflowRun = world.workflowRuns.get(jobId)
    if (job === undefined || workflowRun === undefined) throw refuse(404, `Job ${jobId} not found`)
    if (!workflowRun.waitsAt(nodeId, type)) throw refuse(400, `Node ${nodeId} is not waiting`)
    workflowRun.decide(nodeId, action === yes)
    job.timeline = workflowRun.timeline
    return ok({ job: world.jobs.view(job) })
  }

export const workflowRoutes: readonly Route[] = [
  get("/workflows", list, {
    ...pages,
    privacy: ["private", "public"],
    status: ["draft", "ready"],
    tags: "text",
  }),
  post("/workflows", create),
  get("/workflows/:workflowId", (exchange, { workflowId = "" }) =>
    ok({ workflow: view(exchange, found(exchange, workflowId)) }),
  ),
  put("/workflows/:workflowId", update),
  remove("/workflows/:workflowId", erase),
  put("/workflows/:workflowId/run", run, submitQuery),
  put("/workflows/:workflowId/user-approval", decide("user-approval", "approve")),
  put("/workflows/:workflowId/user-selection", decide("user-selection", "select")),
]
