import { Console, Data, Effect, Runtime } from "effect"
import { toPrintableLines } from "./display/cells.ts"
import { exitCodes, type ExitCode } from "./exitCodes.ts"
import { type CommandError, type Failure, toFailureJson, isWorthResuming, toFailure } from "./Failure.ts"
import { toStopFailure } from "./interruption.ts"
import { getWorstExitCode, type Outcome, toOutcomesJson } from "./Outcome.ts"
import { formatCandidates } from "./report/formatCandidates.ts"
import { formatDelivery } from "./report/formatDelivery.ts"
import { toResumeCommand } from "./shellCommands.ts"
import { explainStop, setExplanation } from "./signals.ts"

/** Ends the process with an exit code, after the command has printed everything. */
export class Ended extends Data.TaggedError("Ended")<{ readonly exitCode: ExitCode }> {
  override readonly [Runtime.errorExitCode] = this.exitCode
  override readonly [Runtime.errorReported] = false
}

export interface Reporting {
  readonly json: boolean
  /** The folder for files, as part of the command that resumes. */
  readonly out?: string | undefined
}

export const printJson = (document: unknown): Effect.Effect<void> =>
  Console.log(JSON.stringify(document, undefined, 2))

/**
 * Runs a command and prints its error, as text or JSON. `onStop` is printed if a signal ends the command, unless the command has
 * set its own explanation.
 */
export const runCommand = <R>(
  reporting: Reporting,
  command: Effect.Effect<ExitCode, CommandError, R>,
  onStop: Failure = toStopFailure("Stopped."),
): Effect.Effect<void, Ended, R> =>
  Effect.suspend(() => {
    setExplanation(() => Effect.runSync(reportFailure(reporting, onStop)))
    return command
  }).pipe(
    Effect.catch((error) => {
      const failure = toFailure(error)
      return Effect.as(reportFailure(reporting, failure), failure.exitCode)
    }),
    Effect.onInterrupt(() => Effect.sync(explainStop)),
    Effect.tap(() => Effect.sync(() => setExplanation(undefined))),
    Effect.flatMap((exitCode) =>
      exitCode === exitCodes.done ? Effect.void : Effect.fail(new Ended({ exitCode })),
    ),
  )

export const reportFailure = ({ json, out }: Reporting, failure: Failure): Effect.Effect<void> =>
  json ? printJson(toFailureJson(failure, out)) : printFailure(failure, out)

export const printFailure = (failure: Failure, out: string | undefined): Effect.Effect<void> =>
  Console.error(
    [
      toPrintableLines(failure.message),
      ...(failure.saved ?? []).map((path) => `  saved: ${path}`),
      ...(failure.jobId !== undefined && isWorthResuming(failure)
        ? [`  ${toResumeCommand(failure.jobId, out)}`]
        : []),
      ...formatCandidates(failure.candidates ?? [], out),
      ...(failure.exitCode === exitCodes.uncertain
        ? ["Search for its job again, now or later:", "  scenario reconcile"]
        : []),
      ...(failure.next ?? []).map((command) => `  ${command}`),
    ].join("\n"),
  )

/** Prints the results of all generations, and returns their exit code. */
export const reportOutcomes = Effect.fnUntraced(function* (
  reporting: Reporting,
  outcomes: ReadonlyArray<Outcome>,
) {
  const { json, out = "." } = reporting
  if (json) {
    yield* printJson(toOutcomesJson(outcomes, out))
  } else {
    const texts = outcomes.flatMap((outcome) =>
      outcome._tag === "Delivered" ? formatDelivery(outcome.delivery) : [],
    )
    // In a pipe, text is printed unchanged.
    const shown = process.stdout.isTTY ? texts.map(toPrintableLines) : texts
    if (shown.length > 0) yield* Console.log(shown.join("\n"))
    yield* Effect.forEach(outcomes, (outcome) =>
      outcome._tag === "Failed" ? printFailure(outcome.failure, out) : Effect.void,
    )
  }
  return getWorstExitCode(outcomes)
})
