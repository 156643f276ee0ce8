import { type Simulator, type SimulatorOptions, startSimulator } from "@scenario-automation/simulator"
import { once } from "node:events"
import { createServer } from "node:net"
import { type LocalPostgres, startLocalPostgres } from "../../src/localPostgres.ts"
import { acceptAnyKey } from "./manyAccounts.ts"
import { type Receiver, startReceiver, until } from "./Receiver.ts"
import { type RelayProcess, startRelayProcess } from "./RelayProcess.ts"

export const startPostgres = async (): Promise<LocalPostgres> => {
  const postgres = await startLocalPostgres()
  if (typeof postgres === "string") throw new Error(postgres)
  return postgres
}

export interface Cluster extends AsyncDisposable {
  readonly simulator: Simulator
  readonly receiver: Receiver
  readonly runners: ReadonlyArray<RelayProcess>
  /** Another runner on the same database, which takes the place of this one. */
  readonly replace: (index: number) => Promise<void>
}

const findPort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Accounts of different customers, which the cluster shares out. */
export const accountIds = Array.from({ length: 12 }, (_, index) => `customer-${index}`)

export const startCluster = async (
  { url }: LocalPostgres,
  size: number,
  options: SimulatorOptions = {},
): Promise<Cluster> => {
  const simulator = await startSimulator({ speed: 20, pictures: "plain", ...options })
  const receiver = await startReceiver()
  const front = await acceptAnyKey(simulator)
  const runners: Array<RelayProcess> = []
  const startRunner = async () =>
    startRelayProcess(
      { ...simulator, baseUrl: front.baseUrl },
      {
        RELAY_DATABASE: url,
        RELAY_RUNNER_PORT: String(await findPort()),
        RELAY_REGISTER_ACCOUNTS: "true",
      },
    )
  for (let one = 0; one < size; one++) runners.push(await startRunner())
  const [first] = runners
  for (const accountId of accountIds) {
    // Accounts with the same credentials would have one owner.
    await first?.call(({ accounts }) =>
      accounts.register({ params: { accountId }, payload: { apiKey: accountId, apiSecret: "secret" } }),
    )
  }
  await Promise.all(runners.map(({ url }) => until(async () => (await fetch(`${url}/readyz`)).ok)))
  return {
    simulator,
    receiver,
    runners,
    replace: async (index) => {
      runners[index] = await startRunner()
    },
    [Symbol.asyncDispose]: async () => {
      for (const { child } of runners)
        if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL")
      await receiver[Symbol.asyncDispose]()
      front.close()
      await simulator.close()
    },
  }
}
