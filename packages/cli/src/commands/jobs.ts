import { type CancelOutcome, type Job, JobList, Jobs } from "@scenario-automation/core"
import { Console, Effect, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { shortenToCells } from "../display/cells.ts"
import { formatCost } from "../display/quantities.ts"
import { exitCodes } from "../exitCodes.ts"
import { toStopFailure } from "../interruption.ts"
import { toJobJson } from "../json/toJobJson.ts"
import { formatOutput } from "../report/formatOutput.ts"
import { formatTable } from "../report/formatTable.ts"
import { printJson, runCommand } from "../runCommand.ts"

const status = Flag.String("status").pipe(
  Flag.withMetavar("STATUS"),
  Flag.withDescription("List only jobs with this status: in-progress, success, failure, …"),
  Flag.map((typed) => typed.trim()),
  Flag.optional,
)

const list = Command.make(
  "list",
  { status, limit: flags.limit("List at most this many jobs", 20), json: flags.json },
  ({ status, limit, json }) =>
    runCommand(
      { json },
      Effect.gen(function* () {
        const jobList = yield* JobList
        const options = { status: Option.getOrUndefined(status), pageSize: Math.min(limit, 200) }
        const jobs = yield* Stream.runCollect(Stream.take(jobList.list(options), limit))
        if (json) yield* printJson({ jobs: jobs.map((job) => toJobJson(job, job)) })
        else if (jobs.length === 0) yield* Console.error("No jobs.")
        else yield* Console.log(formatTable(jobs.map(toJobRow)).join("\n"))
        return exitCodes.done
      }).pipe(Effect.provide(account)),
    ),
).pipe(Command.withDescription("List the jobs of the account, newest first"))

const toJobRow = (job: Job): ReadonlyArray<string> => [
  job.jobId,
  job.createdAt ?? "",
  job.status,
  job.modelId ?? job.workflowId ?? job.jobType,
  shortenToCells(readPrompt(job), 60),
]

const readPrompt = ({ input }: Job): string => {
  const prompt = input?.["prompt"] ?? input?.["text"]
  return typeof prompt === "string" ? prompt : ""
}

const get = Command.make(
  "get",
  { jobId: flags.id("jobId", "The ID of a job in this account"), json: flags.json },
  ({ jobId, json }) =>
    runCommand(
      { json },
      Effect.gen(function* () {
        const jobs = yield* Jobs
        const job = yield* jobs.get(jobId)
        yield* json ? printJson({ job: toJobJson(job, job) }) : Console.log(describeJob(job).join("\n"))
        return exitCodes.done
      }).pipe(Effect.provide(account)),
    ),
).pipe(Command.withDescription("Print a job's status and details"))

const cancel = Command.make(
  "cancel",
  { jobId: flags.id("jobId", "The ID of a job in this account"), json: flags.json },
  ({ jobId, json }) =>
    runCommand(
      { json },
      Effect.gen(function* () {
        const jobs = yield* Jobs
        const outcome = yield* jobs.cancel(jobId)
        yield* json
          ? printJson({ job: { jobId }, outcome })
          : Console.log(`Job ${jobId} ${cancelWording[outcome]}`)
        return outcome === "not-permitted" ? exitCodes.jobEnded : exitCodes.done
      }).pipe(Effect.provide(account)),
      toStopFailure(`Stopped. Job ${jobId} may have been canceled, or may still be running.`, [
        `scenario jobs get ${jobId}`,
      ]),
    ),
).pipe(Command.withDescription("Cancel a job. Only some kinds of jobs can be canceled"))

const cancelWording: Readonly<Record<CancelOutcome, string>> = {
  canceled: "is canceled.",
  requested: "will be canceled if it doesn't finish first. If it finishes, it is charged.",
  "already-finished": "has already ended.",
  "not-permitted":
    "can't be canceled, because Scenario doesn't allow it for this kind of job. It keeps running and is charged.",
}

const describeJob = (job: Job): ReadonlyArray<string> => {
  const facts: ReadonlyArray<readonly [string, string | undefined]> = [
    ["job", job.jobId],
    ["type", job.jobType],
    ["model", job.modelId ?? job.workflowId],
    ["status", job.status],
    ["progress", job.progress === undefined ? undefined : `${Math.round(job.progress * 100)} %`],
    ["cost", job.cost === undefined ? undefined : formatCost(job.cost)],
    ["error", job.error],
    ["hint", job.hint],
    ...job.statusHistory.map(({ status, date }) => ["", `${date}  ${status}`] as const),
    ...job.assetIds.map((assetId) => ["asset", assetId] as const),
  ]
  return [
    ...formatTable(facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    ...(job.output === undefined ? [] : formatOutput(job.output)),
  ]
}

export const jobsCommand = Command.make("jobs").pipe(
  Command.withDescription("List, read, and cancel jobs"),
  Command.withSubcommands([list, get, cancel]),
)
