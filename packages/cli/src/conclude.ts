import { Console, Data, Effect, Runtime } from "effect"
import { printableLines } from "./display/cells.ts"
import { exitCodes, type ExitCode } from "./exitCodes.ts"
import {
  type CommandError,
  type Failure,
  failureJson,
  failureOf,
  isWorthResuming,
  resumeCommand,
} from "./Failure.ts"
import { exitCodeOf, type Outcome, outcomesJson } from "./Outcome.ts"
import { deliveryText } from "./report/deliveryText.ts"

/** The end of a command that has already said what there is to say. */
export class Ended extends Data.TaggedError("Ended")<{ readonly exitCode: ExitCode }> {
  override readonly [Runtime.errorExitCode] = this.exitCode
  override readonly [Runtime.errorReported] = false
}

/** How a command prints. */
export interface Reporting {
  readonly json: boolean
  /** Where files go, for the command that resumes. */
  readonly out?: string | undefined
}

/** The one document of `--json`. */
export const printJson = (document: unknown): Effect.Effect<void> =>
  Console.log(JSON.stringify(document, undefined, 2))

/** Runs a command to an exit code: what fails in it is told here, in the form that was asked for. */
export const conclude = <R>(
  reporting: Reporting,
  command: Effect.Effect<ExitCode, CommandError, R>,
): Effect.Effect<void, Ended, R> =>
  command.pipe(
    Effect.catch((error) => {
      const failure = failureOf(error)
      return Effect.as(reportFailure(reporting, failure), failure.exitCode)
    }),
    Effect.flatMap((exitCode) =>
      exitCode === exitCodes.done ? Effect.void : Effect.fail(new Ended({ exitCode })),
    ),
  )

export const reportFailure = ({ json, out }: Reporting, failure: Failure): Effect.Effect<void> =>
  json ? printJson({ error: failureJson(failure, out) }) : tellFailure(failure, out)

export const tellFailure = (failure: Failure, out: string | undefined): Effect.Effect<void> => {
  const candidates = failure.details["candidates"]
  const toTry = [
    ...(failure.jobId !== undefined && isWorthResuming(failure) ? [failure.jobId] : []),
    ...(Array.isArray(candidates) ? candidates.map(String) : []),
  ]
  return Console.error(
    [printableLines(failure.message), ...toTry.map((jobId) => `  ${resumeCommand(jobId, out)}`)].join("\n"),
  )
}

/** Tells how the trips ended, and gives the exit code of them all. */
export const reportOutcomes = Effect.fnUntraced(function* (
  reporting: Reporting,
  outcomes: ReadonlyArray<Outcome>,
) {
  const { json, out = "." } = reporting
  if (json) {
    yield* printJson(outcomesJson(outcomes, out))
  } else {
    const texts = outcomes.flatMap((outcome) =>
      outcome._tag === "Delivered" ? deliveryText(outcome.delivery) : [],
    )
    // In a pipe a text goes through as it was written.
    const shown = process.stdout.isTTY ? texts.map(printableLines) : texts
    if (shown.length > 0) yield* Console.log(shown.join("\n"))
    yield* Effect.forEach(outcomes, (outcome) =>
      outcome._tag === "Failed" ? tellFailure(outcome.failure, out) : Effect.void,
    )
  }
  return exitCodeOf(outcomes)
})
