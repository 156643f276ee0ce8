import { type Simulator, type SimulatorOptions, startSimulator } from "@scenario-automation/simulator"
import { assert } from "vitest"
import { installN8n } from "./installN8n.ts"
import { N8n, type RunningN8n } from "./N8n.ts"
import { N8nApi, type OutputItem, type Execution } from "./N8nApi.ts"

export const installed = installN8n()

/** True if no n8n is installed. */
export const isSkipped = "missing" in installed

/** Ends a suite's title with the reason if it is skipped. */
export const whySkipped = "missing" in installed ? `: ${installed.missing}` : ""

/** A running n8n with the packed node, a simulator, and a session of n8n's owner. */
export interface World extends AsyncDisposable {
  readonly simulator: Simulator
  readonly n8n: N8n
  readonly running: RunningN8n
  readonly api: N8nApi
}

export const openWorld = async (
  options: SimulatorOptions = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<World> => {
  if ("missing" in installed) throw new Error(installed.missing)
  const simulator = await startSimulator({ speed: 20, pictures: "plain", ...options })
  const n8n = await N8n.prepare(installed.folder, settings)
  const running = await n8n.start()
  const api = await N8nApi.login(running.url, installed.folder)
  await signIn({ api, simulator })
  return {
    simulator,
    n8n,
    running,
    api,
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]()
      await simulator.close()
      n8n.remove()
    },
  }
}

/** Makes the simulator's key the node's credential, with the given differences. */
export const signIn = (
  { api, simulator: { apiKey, apiSecret, baseUrl } }: Pick<World, "api" | "simulator">,
  different: { readonly baseUrl?: string; readonly projectId?: string; readonly apiSecret?: string } = {},
): Promise<void> =>
  api.addCredential("scenarioApi", { apiKey, apiSecret, baseUrl, projectId: "", ...different })

/** Asserts the number of jobs that the work pays for, and that it sends nothing that the API's contract forbids. */
export const expectPaid = async <A>(
  { simulator }: World,
  jobs: number,
  work: () => Promise<A>,
): Promise<A> => {
  const before = simulator.ledger().paidJobs
  const result = await work()
  assert.strictEqual(simulator.ledger().paidJobs - before, jobs, "jobs that were paid for")
  assert.deepStrictEqual(simulator.violations(), [])
  return result
}

/** The folders of the CDN's files in these requests: originals are in `assets`, other images in `assets-transform`. */
export const listCdnFolders = (
  requests: ReturnType<Simulator["requests"]>,
): ReadonlyArray<string | undefined> =>
  requests.filter(({ origin }) => origin === "cdn").map(({ path }) => path.split("/")[1])

/** A node's output in its latest run; output 1 is the error output, if it has one. */
export const getOutput = ({ runs }: Execution, node = "Scenario", output = 0): ReadonlyArray<OutputItem> =>
  runs[node]?.at(-1)?.data?.main?.[output] ?? []

export const getError = ({ runs }: Execution, node = "Scenario") => runs[node]?.at(-1)?.error
