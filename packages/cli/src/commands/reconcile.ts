import type { Reconciled } from "@scenario-automation/core"
import { Console, Effect, Option, Result } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { makeAccount } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { type ExitCode, exitCodes, worstExitCode } from "../exitCodes.ts"
import { toCandidateJson, type Failure, toErrorJson, toFailure } from "../Failure.ts"
import { openIntentStore, type StoredIntent } from "../intentStore.ts"
import { toStopFailure } from "../interruption.ts"
import { toJobJson } from "../json/toJobJson.ts"
import { readIntent } from "../readIntent.ts"
import { isForgettable, isSettled, reconcileIntent } from "../reconcileIntent.ts"
import { formatCandidates } from "../report/formatCandidates.ts"
import { describeIntent } from "../report/describeIntent.ts"
import { printFailure, printJson, runCommand } from "../runCommand.ts"
import { toResumeCommand } from "../shellCommands.ts"

const source = Argument.String("file").pipe(
  Argument.withDescription(
    "A file with one intent (- for stdin), as --json printed it (default: all stored submits of this account)",
  ),
  Argument.optional,
)

const forget = Flag.Boolean("forget").pipe(
  Flag.withDescription("Also forget submits that stay uncertain, except one whose job may not be listed yet"),
  Flag.withDefault(false),
)

/** A submit, and the result of the search for its job. */
interface SearchResult {
  readonly stored: StoredIntent
  readonly found: Reconciled | Failure
}

export const reconcileCommand = Command.make(
  "reconcile",
  {
    source,
    soleSubmitter: flags.soleSubmitter,
    timeout: flags.timeout("How long to search for a job that may not be listed yet (default: 15s)"),
    forget,
    json: flags.json,
  },
  ({ source, soleSubmitter, timeout, forget, json }) => {
    const reconcileAll = Effect.gen(function* () {
      const store = yield* openIntentStore
      const intents = Option.isSome(source) ? [yield* readIntent(source.value)] : store.list()
      const results: Array<SearchResult> = []
      // In sequence, the oldest first, so that a job is found for one submit only.
      for (const stored of intents) {
        const result = yield* Effect.result(reconcileIntent(stored, Option.getOrUndefined(timeout)))
        const found = Result.isSuccess(result) ? result.success : toFailure(result.failure)
        results.push({ stored, found })
        if (
          !("exitCode" in found) &&
          (isSettled(stored, found) || (forget && isForgettable(stored, found)))
        ) {
          store.remove(stored.intent.id)
        }
      }
      yield* json ? printJson({ intents: results.map(toJson) }) : printResults(results)
      return worstExitCode(results.map(toExitCode))
    })
    return runCommand(
      { json },
      Effect.provide(reconcileAll, makeAccount({ soleSubmitter })),
      toStopFailure("Stopped searching. Submits whose job wasn't found stay stored.", ["scenario reconcile"]),
    )
  },
).pipe(
  Command.withDescription(
    "Find the jobs of submits whose response was lost: after exit code 6, a crash, or a signal",
  ),
  Command.withExamples([
    { command: "scenario reconcile", description: "Search for the jobs of all stored submits" },
    {
      command: "scenario reconcile result.json",
      description: "Search for the job of an error that --json printed",
    },
  ]),
)

const toExitCode = ({ stored, found }: SearchResult): ExitCode => {
  if ("exitCode" in found) return found.exitCode
  return isSettled(stored, found) ? exitCodes.done : exitCodes.uncertain
}

const printResults = (results: ReadonlyArray<SearchResult>): Effect.Effect<void> =>
  results.length === 0
    ? Console.error("No submit of this account is uncertain.")
    : Effect.forEach(results, printResult, { discard: true })

const printResult = ({ stored, found }: SearchResult): Effect.Effect<void> => {
  const submit = describeIntent(stored.intent)
  const { out } = stored
  if ("exitCode" in found) {
    return Effect.andThen(Console.error(`${submit}: the search failed.`), printFailure(found, out))
  }
  const { submission, candidates, incompleteReason = "its job may not be listed yet" } = found
  if (submission !== undefined) {
    const { jobId } = submission.job
    return Console.log(`${submit} created job ${jobId}:\n  ${toResumeCommand(jobId, out)}`)
  }
  if (candidates.length > 0) {
    const lines = formatCandidates(candidates, out)
    const advice = "When you know which one it is, run:\n  scenario reconcile --forget"
    return Console.log([`${submit} may have created one of these jobs:`, ...lines, advice].join("\n"))
  }
  if (isSettled(stored, found)) return Console.log(`${submit} created no job. Nothing was charged.`)
  return Console.log(
    `${submit}: no job was found, but ${incompleteReason}. Search again in a minute:\n  scenario reconcile`,
  )
}

const toJson = ({ stored, found }: SearchResult) => {
  const { intent, out } = stored
  const facts = { id: intent.id, path: intent.path, notBefore: intent.notBefore, sentAt: intent.sentAt }
  if ("exitCode" in found) return { ...facts, outcome: "failed", error: toErrorJson(found, out) }
  const { submission, candidates } = found
  if (submission !== undefined) {
    const { job, cost, snapshot } = submission
    const resume = toResumeCommand(job.jobId, out)
    return { ...facts, outcome: "found", job: toJobJson(job, snapshot, { cost }), resume }
  }
  if (candidates.length > 0) {
    return { ...facts, outcome: "candidates", candidates: candidates.map((job) => toCandidateJson(job, out)) }
  }
  return { ...facts, outcome: isSettled(stored, found) ? "none" : "unknown" }
}
