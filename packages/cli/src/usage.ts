import { Console } from "effect"
import { type CliError, CliOutput } from "effect/cli"

/** Help that was asked for goes to stdout. A wrong command line gets its usage in one line, and then what is wrong. */
export const presenter: CliOutput.Presenter = {
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Console.error(`Usage: ${event.helpDoc.usage} (--help explains)\n${formatUsageErrors(event.errors)}`)
      : CliOutput.defaultPresenter.present(event),
}

/** What is wrong with a command line, a line for each problem. */
export const formatUsageErrors = (errors: ReadonlyArray<CliError.NonShowHelpErrors>): string =>
  errors.map((error) => error.message).join("\n")
