import { layer as nodeServices } from "@effect/platform-node/NodeServices"
import { Cause, Effect, Layer, Runtime } from "effect"
import { CliConfig, CliError, CliOutput, Command, GlobalFlag } from "effect/cli"
import { readFileSync } from "node:fs"
import { joinValues } from "./valueFlags.ts"
import { scenarioCommand } from "./commands/scenario.ts"
import { exitCodes } from "./exitCodes.ts"
import { Ended, printJson } from "./runCommand.ts"
import { hasStopped, setInterrupt } from "./signals.ts"
import { ignoreClosedStreams, isOutputLost } from "./streams.ts"
import { formatUsageErrors, presenter } from "./usage.ts"

const args = joinValues(process.argv.slice(2))

const readVersion = (manifest: unknown): string =>
  typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : ""

const version = readVersion(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")))

const environment = Layer.mergeAll(
  nodeServices,
  CliOutput.layerPresenter(presenter),
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
)

const program = Command.runWith(scenarioCommand, { version })(args).pipe(
  Effect.tapError((error) =>
    // The flags couldn't be parsed, so --json is looked for among the words.
    error._tag === "ShowHelp" && error.errors.length > 0 && args.includes("--json")
      ? printJson({
          error: { tag: "Usage", message: formatUsageErrors(error.errors), exitCode: exitCodes.badInput },
        })
      : Effect.void,
  ),
  Effect.tapDefect((defect) =>
    Effect.sync(() => console.error("This is a bug in scenario. Please report it.", defect)),
  ),
  Effect.provide(environment),
)

const teardown: Runtime.Teardown = (exit, onExit) => {
  if (exit._tag === "Success") return onExit(isOutputLost() ? exitCodes.unavailable : exitCodes.done)
  const error = Cause.squash(exit.cause)
  if (Cause.hasInterruptsOnly(exit.cause)) return onExit(exitCodes.interrupted)
  if (error instanceof Ended) return onExit(error.exitCode)
  if (CliError.isCliError(error)) {
    return onExit(
      error._tag === "ShowHelp" && error.errors.length === 0 ? exitCodes.done : exitCodes.badInput,
    )
  }
  return onExit(exitCodes.jobEnded)
}

ignoreClosedStreams()

const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  setInterrupt(() => fiber.interruptUnsafe(fiber.id))
  fiber.addObserver((exit) =>
    teardown(exit, (code) => {
      // After a success, the process ends by itself once everything is written.
      if (hasStopped() || code !== 0) process.exit(code)
    }),
  )
})

runMain(program, { disableErrorReporting: true, teardown })
