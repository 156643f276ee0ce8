import { Command } from "effect/cli"
import { assetsCommand } from "./assets.ts"
import { generateCommand } from "./generate.ts"
import { jobsCommand } from "./jobs.ts"
import { modelsCommand } from "./models.ts"
import { reconcileCommand } from "./reconcile.ts"
import { waitCommand } from "./wait.ts"

export const scenarioCommand = Command.make("scenario").pipe(
  Command.withDescription(
    // The library indents only the first line.
    [
      "Run Scenario generations from a shell: submit, wait, and save the files.",
      "",
      "Set SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET, and if needed SCENARIO_BASE_URL, SCENARIO_CDN_URL,",
      "SCENARIO_PROJECT_ID, and SCENARIO_REQUESTS_PER_MINUTE.",
      "Proxies: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, and NODE_EXTRA_CA_CERTS.",
      "",
      "Exit codes: 0 done, 1 the job failed, 2 wrong usage or input, 3 credentials or plan, 4 timeout,",
      "5 Scenario or files are unavailable, 6 uncertain whether the submit was accepted, 130 interrupted.",
    ].join("\n  "),
  ),
  Command.withSubcommands([
    generateCommand,
    waitCommand,
    reconcileCommand,
    assetsCommand,
    modelsCommand,
    jobsCommand,
  ]),
)
