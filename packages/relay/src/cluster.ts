import { fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import process from "node:process"
import { startLocalPostgres } from "./localPostgres.ts"
import { defaults } from "./settings/defaults.ts"
import type { Environment } from "./settings/readSettings.ts"
import { startSimulated } from "./simulated.ts"

/** Runs a cluster of this many runners on this machine until it is interrupted. Returns the exit code. */
export const runCluster = async (size: number): Promise<number> => {
  const postgres = await startLocalPostgres()
  if (typeof postgres === "string") {
    console.error(postgres)
    return 1
  }
  const simulated = process.env["SCENARIO_SDK_API_KEY"] === undefined ? await startSimulated() : {}
  const port = Number(process.env["RELAY_PORT"] ?? defaults.port)
  const runners = Array.from({ length: size }, (_, index) => {
    const environment: Environment = {
      ...simulated,
      ...process.env,
      RELAY_DATABASE: postgres.url,
      RELAY_PORT: String(port + index),
      RELAY_RUNNER_PORT: String(defaults.runnerPort + index),
    }
    return fork(join(import.meta.dirname, `main.${import.meta.filename.split(".").at(-1)}`), [], {
      env: { ...environment },
    })
  })
  console.log(`Scenario relay, a cluster of ${size}

${runners.map(({ pid }, index) => `  http://127.0.0.1:${port + index}   process ${pid}`).join("\n")}
  RELAY_TOKENS           ${simulated["RELAY_TOKENS"] ?? "as in your environment"}
  RELAY_ADMIN_TOKENS     ${simulated["RELAY_ADMIN_TOKENS"] ?? "as in your environment"}
  RELAY_SIGNING_SECRETS  ${simulated["RELAY_SIGNING_SECRETS"] ?? "as in your environment"}

Kill one: its accounts move to another within ten seconds. Ctrl-C stops all.`)
  const stop = () => {
    for (const runner of runners) runner.kill("SIGTERM")
  }
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
  await Promise.all(runners.filter(({ exitCode }) => exitCode === null).map((runner) => once(runner, "exit")))
  await postgres[Symbol.asyncDispose]()
  return 0
}
