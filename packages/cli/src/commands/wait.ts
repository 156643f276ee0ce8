import { resume } from "@scenario-automation/core"
import { Effect, Option } from "effect"
import { Command } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { RunDeadline } from "../deadline.ts"
import { readJobRefs } from "../readJobRefs.ts"
import { reportOutcomes, runCommand } from "../runCommand.ts"
import { runJobs } from "../runJobs.ts"

export const waitCommand = Command.make(
  "wait",
  {
    jobIds: flags.ids(
      "jobId",
      "IDs of jobs in this account; - reads IDs, or the output of --json, from stdin",
    ),
    out: flags.out,
    original: flags.original,
    timeout: flags.runTimeout("the jobs keep"),
    json: flags.json,
  },
  (typed) => {
    const { jobIds, out, json } = typed
    const deadline = Option.getOrUndefined(Option.map(typed.timeout, (limit) => new RunDeadline(limit)))
    const report = reportOutcomes.bind(undefined, { json, out })
    return runCommand(
      { json, out },
      Effect.flatMap(readJobRefs(jobIds), (jobs) =>
        runJobs(
          jobs.map((job) => ({
            title: job.jobId,
            jobId: job.jobId,
            deadline,
            run: ({ onUpdate }) => resume(job, { timeout: deadline?.left, onUpdate }),
          })),
          { out, original: typed.original },
          (outcomes) => Effect.asVoid(report(outcomes)),
        ).pipe(Effect.flatMap(report), Effect.provide(account)),
      ),
    )
  },
).pipe(
  Command.withDescription("Wait for jobs and save their files. If one fails, the others continue"),
  Command.withExamples([
    { command: "scenario wait job_123 --out pictures", description: "Resume a job" },
    {
      command: "scenario wait job_1 job_2 job_3 --timeout 5m --json",
      description: "Wait for several jobs at the same time",
    },
    {
      command: 'scenario generate model_openai-gpt-image-2 -p "a fox" --no-wait --json | scenario wait -',
      description: "Wait for a job that another command submits",
    },
  ]),
)
