import { runMain } from "@effect/platform-node/NodeRuntime"
import { layer as nodeServices } from "@effect/platform-node/NodeServices"
import { Cause, Effect, Layer, type Runtime } from "effect"
import { CliConfig, CliError, CliOutput, Command, GlobalFlag } from "effect/cli"
import { readFileSync } from "node:fs"
import { scenarioCommand } from "./commands/scenario.ts"
import { Ended, printJson } from "./conclude.ts"
import { exitCodes } from "./exitCodes.ts"
import { presenter, usageMessage } from "./usage.ts"

const args = process.argv.slice(2)

const versionOf = (manifest: unknown): string =>
  typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : ""

const version = versionOf(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")))

const environment = Layer.mergeAll(
  nodeServices,
  CliOutput.layerPresenter(presenter),
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
)

const program = Command.runWith(scenarioCommand, { version })(args).pipe(
  Effect.tapError((error) =>
    // The flags could not be read: whether JSON was wanted is told by the bare word.
    error._tag === "ShowHelp" && error.errors.length > 0 && args.includes("--json")
      ? printJson({
          error: { tag: "Usage", message: usageMessage(error.errors), exitCode: exitCodes.badInput },
        })
      : Effect.void,
  ),
  Effect.tapDefect((defect) =>
    Effect.sync(() => console.error("This is a fault of scenario itself; please report it.", defect)),
  ),
  Effect.provide(environment),
)

const teardown: Runtime.Teardown = (exit, onExit) => {
  if (exit._tag === "Success") return onExit(exitCodes.done)
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

let signals = 0
const onSignal = () => {
  signals += 1
  // Ends whatever is being waited for, a submit's answer included.
  if (signals > 1) process.exit(exitCodes.interrupted)
}
process.on("SIGINT", onSignal)
process.on("SIGTERM", onSignal)

// Whoever reads may stop early, as `head` does; that is not our failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? exitCodes.done : exitCodes.jobEnded)
})

runMain(program, { disableErrorReporting: true, teardown })
