import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { cutPage } from "../http/cutPage.ts"
import { refuse } from "../http/Refusal.ts"
import { get, pages, post, type Route } from "../http/Route.ts"
import type { JobRecord } from "../world/JobRecord.ts"

const statuses = [
  "pending",
  "queued",
  "warming-up",
  "in-progress",
  "finalizing",
  "success",
  "failure",
  "canceled",
]

const list = (exchange: Exchange): ApiResponse => {
  const { world, query } = exchange
  const authorId = query.get("authorId")
  const status = query.get("status")
  const workflowId = query.get("workflowId")
  const types = query.get("types")?.split(",") ?? (query.has("type") ? [query.get("type")] : undefined)
  // As documented: "hideResults=false excludes jobs carrying that parameter".
  const hidden = query.get("hideResults")
  const jobs = world.jobs
    .listed()
    .filter(
      (job) =>
        (authorId === null || job.authorId === authorId) &&
        (status === null || world.jobs.status(job) === status) &&
        (workflowId === null || job.workflowId === workflowId) &&
        (types === undefined || types.includes(job.jobType)) &&
        (hidden === null || job.hidesResults === (hidden === "true")),
    )
  const page = cutPage(exchange, jobs, (job) => job.jobId, { default: 10, max: 200 })
  return ok({
    jobs: page.items.map((job) => world.jobs.toJson(job)),
    nextPaginationToken: page.nextPaginationToken,
  })
}

const findJob = (exchange: Exchange, jobId: string): JobRecord => {
  const job = exchange.world.jobs.find(jobId)
  if (job === undefined) throw refuse(404, `Job ${jobId} not found`)
  return job
}

const retrieve = (exchange: Exchange, { jobId = "" }: Readonly<Record<string, string>>): ApiResponse =>
  ok({ job: exchange.world.jobs.toJson(findJob(exchange, jobId)) })

const cancel = (exchange: Exchange, { jobId = "" }: Readonly<Record<string, string>>): ApiResponse => {
  const { world } = exchange
  const job = findJob(exchange, jobId)
  if (exchange.getObjectBody()["action"] !== "cancel") throw refuse(400, '"action" must be one of [cancel]')
  if (!world.jobs.isFinished(job)) {
    // The message of the live API.
    if (!world.jobs.isCancelable(job))
      throw refuse(400, "Cannot cancel this type of job. Action not permitted.")
    world.jobs.cancel(job)
  }
  return ok({ job: world.jobs.toJson(job) })
}

export const jobRoutes: ReadonlyArray<Route> = [
  get("/jobs", list, {
    ...pages,
    authorId: "text",
    workflowId: "text",
    status: statuses,
    type: "text",
    types: "text",
    hideResults: ["true", "false"],
  }),
  get("/jobs/:jobId", retrieve),
  post("/jobs/:jobId/action", cancel),
]
