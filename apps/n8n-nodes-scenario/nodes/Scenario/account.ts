import { AccountRegistry, type AccountServices, type ScenarioSettings } from "@scenario-automation/core"
import { Cause, type Effect, Exit, Redacted } from "effect"
import { type Host, makeTransports } from "./transport.ts"

/** All accounts of this n8n process: executions with the same credential share a request budget and a watcher. */
const accounts = new AccountRegistry<Host>(makeTransports)

/** Runs an effect with the services of the node's credential. Rejects with the typed error itself. */
export const runWithAccount = async <A, E>(
  host: Host,
  effect: Effect.Effect<A, E, AccountServices>,
  signal?: AbortSignal,
): Promise<A> => {
  const exit = await accounts.run(await readSettings(host), host, effect, signal)
  if (Exit.isSuccess(exit)) return exit.value
  return Promise.reject(Cause.squash(exit.cause))
}

const readSettings = async (host: Host): Promise<ScenarioSettings> => {
  const credentials = await host.getCredentials("scenarioApi")
  const text = (name: string): string | undefined => {
    const value = credentials[name]
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined
  }
  return {
    apiKey: Redacted.make(text("apiKey") ?? ""),
    apiSecret: Redacted.make(text("apiSecret") ?? ""),
    baseUrl: text("baseUrl"),
    projectId: text("projectId"),
    auth: "transport",
    // Other n8n workers or programs with this key may submit the same inputs at the same time.
    soleSubmitter: false,
  }
}
