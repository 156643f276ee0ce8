import { runMain } from "@effect/platform-node/NodeRuntime"
import { layer as nodeServices } from "@effect/platform-node/NodeServices"
import { runCommand, exitCodes } from "@scenario-automation/cli"
import { Cause, Console, Effect, Layer, Runtime } from "effect"
import { CliConfig, CliError, CliOutput, Command, Flag, GlobalFlag } from "effect/cli"
import { fileURLToPath } from "node:url"
import { runDemo } from "./demo.ts"

const folder = fileURLToPath(new URL("../../../out/demo", import.meta.url))

const demo = Command.make(
  "demo",
  {
    out: Flag.String("out").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription(
        "Folder for the files and the gallery page (default: out/demo in this repository)",
      ),
      Flag.withDefault(folder),
    ),
    speed: Flag.Finite("speed").pipe(
      Flag.withDescription("Simulated seconds in a second (default: 4)"),
      Flag.filter(
        (speed) => speed > 0 && speed <= 1000,
        () => "a number above 0, at most 1000",
      ),
      Flag.withDefault(4),
    ),
    isLive: Flag.Boolean("live").pipe(
      Flag.withDescription("Use the account of SCENARIO_SDK_API_KEY, after showing the price and asking"),
      Flag.withDefault(false),
    ),
    isAgreed: Flag.Boolean("yes").pipe(
      Flag.withDescription("With --live: spend without asking"),
      Flag.withDefault(false),
    ),
  },
  (options) => runCommand({ json: false }, runDemo(options)),
).pipe(
  Command.withDescription(
    "Generates with models (image, 3D, video, audio) and with the older endpoints (text to image, image to image, ControlNet, IP-Adapter, prompt) on a simulated Scenario, and writes a gallery page.",
  ),
)

const environment = Layer.mergeAll(
  nodeServices,
  CliConfig.layer({ builtIns: [GlobalFlag.Help] }),
  CliOutput.layerPresenter({
    present: (event) =>
      event._tag === "InvalidInvocation"
        ? Console.error(event.errors.map(({ message }) => message).join("\n"))
        : CliOutput.defaultPresenter.present(event),
  }),
)

runMain(Command.runWith(demo, { version: "" })(process.argv.slice(2)).pipe(Effect.provide(environment)), {
  disableErrorReporting: true,
  teardown: (exit, onExit) => {
    const error = exit._tag === "Failure" ? Cause.squash(exit.cause) : undefined
    if (CliError.isCliError(error) && !(error._tag === "ShowHelp" && error.errors.length === 0)) {
      return onExit(exitCodes.badInput)
    }
    return Runtime.defaultTeardown(exit, onExit)
  },
})
