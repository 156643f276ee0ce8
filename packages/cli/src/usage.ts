import { Console, Effect } from "effect"
import { type CliError, CliOutput } from "effect/cli"

/** Help that nobody asked for goes to stderr, where it spoils no result; what is wrong comes last, where it is seen. */
export const presenter: CliOutput.Presenter = {
  present: Effect.fnUntraced(function* (event) {
    if (event._tag !== "InvalidInvocation") return yield* CliOutput.defaultPresenter.present(event)
    const formatter = yield* CliOutput.Formatter
    yield* Console.error(formatter.formatHelpDoc(event.helpDoc))
    yield* Console.error(usageMessage(event.errors))
  }),
}

/** What is wrong with a command line, a line for each problem. */
export const usageMessage = (errors: ReadonlyArray<CliError.NonShowHelpErrors>): string =>
  errors.map((error) => error.message).join("\n")
