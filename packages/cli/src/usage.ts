import { Console } from "effect"
import { type CliError, CliOutput } from "effect/cli"

/** Prints requested help to stdout. For a wrong command line, it prints the usage in one line and then the errors. */
export const presenter: CliOutput.Presenter = {
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Console.error(`Usage: ${event.helpDoc.usage} (--help explains)\n${formatUsageErrors(event.errors)}`)
      : CliOutput.defaultPresenter.present(event),
}

/** One line for each error in the command line. */
export const formatUsageErrors = (errors: ReadonlyArray<CliError.NonShowHelpErrors>): string =>
  errors.map((error) => error.message).join("\n")
