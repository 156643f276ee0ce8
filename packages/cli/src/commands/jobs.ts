import { type CancelOutcome, type Job, Jobs } from "@scenario-automation/core"
import { Console, Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { conclude, printJson } from "../conclude.ts"
import { costText } from "../display/quantities.ts"
import { exitCodes } from "../exitCodes.ts"
import { outputText } from "../report/outputText.ts"
import { table } from "../report/table.ts"

const jobId = Argument.String("jobId")

const get = Command.make("get", { jobId, json: flags.json }, ({ jobId, json }) =>
  conclude(
    { json },
    Effect.gen(function* () {
      const jobs = yield* Jobs
      const job = yield* jobs.get(jobId)
      yield* json ? printJson({ job: jobJson(job) }) : Console.log(jobText(job).join("\n"))
      return exitCodes.done
    }).pipe(Effect.provide(account)),
  ),
).pipe(Command.withDescription("Look at a job once"))

const cancel = Command.make("cancel", { jobId, json: flags.json }, ({ jobId, json }) =>
  conclude(
    { json },
    Effect.gen(function* () {
      const jobs = yield* Jobs
      const outcome = yield* jobs.cancel(jobId)
      yield* json
        ? printJson({ job: { id: jobId }, outcome })
        : Console.log(`Job ${jobId} ${cancelWording[outcome]}`)
      return outcome === "not-permitted" ? exitCodes.jobEnded : exitCodes.done
    }).pipe(Effect.provide(account)),
  ),
).pipe(Command.withDescription("Ask Scenario to stop a job; only some kinds of job can be stopped"))

const cancelWording: Readonly<Record<CancelOutcome, string>> = {
  canceled: "is canceled.",
  requested: "was asked to stop. It may still finish, and is billed if it does.",
  "already-finished": "had already ended.",
  "not-permitted": "is of a kind that cannot be canceled: it goes on, and is billed.",
}

const jobJson = ({ jobId, ...job }: Job) => ({ id: jobId, ...job })

const jobText = (job: Job): ReadonlyArray<string> => {
  const facts: ReadonlyArray<readonly [string, string | undefined]> = [
    ["job", job.jobId],
    ["kind", job.jobType],
    ["model", job.modelId ?? job.workflowId],
    ["status", job.status],
    ["progress", job.progress === undefined ? undefined : `${Math.round(job.progress * 100)} %`],
    ["cost", job.cost === undefined ? undefined : costText(job.cost)],
    ["error", job.error],
    ["hint", job.hint],
    ...job.statusHistory.map(({ status, date }) => ["", `${date}  ${status}`] as const),
    ...job.assetIds.map((assetId) => ["asset", assetId] as const),
  ]
  return [
    ...table(facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    ...(job.output === undefined ? [] : outputText(job.output)),
  ]
}

export const jobsCommand = Command.make("jobs").pipe(
  Command.withDescription("Look at jobs, or cancel them"),
  Command.withSubcommands([get, cancel]),
)
