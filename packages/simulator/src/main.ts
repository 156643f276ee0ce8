#!/usr/bin/env node
import { parseFlags, simulatorUsage } from "./flags.ts"
import type { SimulatorOptions } from "./SimulatorSettings.ts"
import { startSimulator } from "./startSimulator.ts"

const run = async (options: SimulatorOptions): Promise<void> => {
  const simulator = await startSimulator(options)
  const stop = (): void => {
    void simulator.close()
  }
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
  console.log(`A simulator of Scenario

export SCENARIO_BASE_URL=${simulator.baseUrl}
export SCENARIO_CDN_URL=${simulator.cdnUrl}
export SCENARIO_SDK_API_KEY=${simulator.apiKey}
export SCENARIO_SDK_API_SECRET=${simulator.apiSecret}

  files    ${simulator.cdnUrl}
  controls ${simulator.controlUrl}/state   (requests, ledger, violations, faults, plan, advance, reset)

Press Ctrl-C to stop it.`)
}

const flags = parseFlags(process.argv.slice(2))
if (flags.kind === "help") {
  console.log(simulatorUsage)
} else if (flags.kind === "problem") {
  console.error(`${flags.problem} See --help.`)
  process.exitCode = 2
} else {
  await run(flags.options).catch((error: unknown) => {
    console.error(`The simulator can't start: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  })
}
