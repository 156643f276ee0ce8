import { resume } from "@scenario-automation/core"
import { Effect, Option } from "effect"
import { Argument, Command } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { conclude, reportOutcomes } from "../conclude.ts"
import { makeTrips } from "../Trip.ts"

const jobIds = Argument.String("jobId").pipe(
  Argument.withDescription("Jobs of this account, also those that another process has submitted"),
  Argument.variadic({ min: 1 }),
)

export const waitCommand = Command.make(
  "wait",
  { jobIds, out: flags.out, timeout: flags.timeout, json: flags.json },
  (typed) => {
    const { out, json } = typed
    const timeout = Option.getOrUndefined(typed.timeout)
    const report = reportOutcomes.bind(undefined, { json, out })
    return conclude(
      { json, out },
      makeTrips(
        [...new Set(typed.jobIds)].map((jobId) => ({
          title: jobId,
          jobId,
          run: ({ onUpdate }) => resume(jobId, { timeout, onUpdate }),
        })),
        out,
        (outcomes) => Effect.asVoid(report(outcomes)),
      ).pipe(Effect.flatMap(report), Effect.provide(account)),
    )
  },
).pipe(
  Command.withDescription(
    "Wait for jobs and save their files. One that fails keeps none of the others back.",
  ),
  Command.withExamples([
    { command: "scenario wait job_123 --out pictures", description: "Take a job up where it was left" },
    { command: "scenario wait job_1 job_2 job_3 --timeout 5m --json", description: "Several at once" },
  ]),
)
