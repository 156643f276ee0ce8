#!/usr/bin/env node
import { Cause, Effect, Exit, Fiber, Layer, Logger, Result } from "effect"
import { HttpServer } from "effect/http"
import { readFileSync } from "node:fs"
import process from "node:process"
import { runCluster } from "./cluster.ts"
import { parseFlags, type RelayFlags, relayUsage } from "./flags.ts"
import { relay } from "./relay.ts"
import { type Environment, readSettings } from "./settings/readSettings.ts"
import { describeSimulated, startSimulated } from "./simulated.ts"
import { telemetry } from "./telemetry.ts"

/** After this long a stop that isn't finished is given up; what is stored continues at the next start. Milliseconds. */
const maxStopMs = 8_000

const run = async (flags: RelayFlags): Promise<number> => {
  const simulated = flags.simulator ? await startSimulated() : undefined
  const environment: Environment = { ...simulated, ...process.env }
  const settings = readSettings(
    environment,
    flags.config === undefined ? undefined : readFileSync(flags.config, "utf8"),
  )
  if (Result.isFailure(settings)) {
    console.error(`The relay can't start:\n${settings.failure.map((problem) => `  ${problem}`).join("\n")}`)
    return 2
  }
  const announce = Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer
    const url = `http://${settings.success.host}:${"port" in address ? address.port : settings.success.port}`
    yield* Effect.logInfo("The relay listens", { url })
    if (simulated !== undefined) console.log(describeSimulated(environment, url))
  })
  const program = Layer.launch(
    Layer.effectDiscard(announce).pipe(
      Layer.provide(relay(settings.success)),
      Layer.provide(telemetry),
      Layer.provide(Logger.layer([Logger.consoleJson])),
    ),
  )
  const fiber = Effect.runFork(program)
  const stop = () => {
    setTimeout(() => process.exit(1), maxStopMs).unref()
    Effect.runFork(Fiber.interrupt(fiber))
  }
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
  const exit = await Effect.runPromise(Fiber.await(fiber))
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return 0
  const reason = isPortInUse(exit.cause)
    ? `port ${settings.success.port} is in use. Stop the other process, or set RELAY_PORT.`
    : Cause.pretty(exit.cause)
  console.error(`The relay stopped: ${reason}`)
  return 1
}

const isPortInUse = (cause: Cause.Cause<unknown>): boolean => {
  const error = Cause.squash(cause)
  const reason = error instanceof Error ? error.cause : undefined
  return reason instanceof Error && "code" in reason && reason.code === "EADDRINUSE"
}

const parsed = parseFlags(process.argv.slice(2))
if (parsed.kind === "help") console.log(relayUsage)
else if (parsed.kind === "problem") {
  console.error(`${parsed.problem} See --help.`)
  process.exitCode = 2
} else {
  const { cluster } = parsed.flags
  process.exit(cluster === undefined ? await run(parsed.flags) : await runCluster(cluster))
}
