import { Command } from "effect/cli"
import { assetCommand } from "./asset.ts"
import { generateCommand } from "./generate.ts"
import { jobsCommand } from "./jobs.ts"
import { modelsCommand } from "./models.ts"
import { waitCommand } from "./wait.ts"

export const scenarioCommand = Command.make("scenario").pipe(
  Command.withDescription(
    // The library indents the first line alone.
    [
      "Scenario at a prompt: generate, wait, download.",
      "",
      "The account is read from the environment: SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET,",
      "and where needed SCENARIO_BASE_URL, SCENARIO_PROJECT_ID and SCENARIO_REQUESTS_PER_MINUTE.",
      "",
      "Exit codes: 0 done · 1 the job failed · 2 wrong usage or input · 3 credentials or plan · 4 time is up",
      "5 Scenario or files cannot be had · 6 nobody knows whether the submit was accepted · 130 interrupted",
    ].join("\n  "),
  ),
  Command.withSubcommands([generateCommand, waitCommand, assetCommand, modelsCommand, jobsCommand]),
)
