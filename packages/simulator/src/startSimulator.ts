import { once } from "node:events"
import type { Server } from "node:http"
import { createApiServer } from "./http/apiServer.ts"
import { createCdnServer } from "./http/cdnServer.ts"
import { controlRequest } from "./http/control.ts"
import type { Simulator } from "./Simulator.ts"
import { readSettings, type SimulatorOptions } from "./SimulatorSettings.ts"
import { addExternalAsset, addExternalJob, addExternalModel } from "./world/externalRecords.ts"
import { World } from "./world/World.ts"

/** Starts Scenario's API and CDN on this machine. */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const settings = readSettings(options)
  let world = new World(settings)

  const api = createApiServer(
    () => world,
    (request, response, url) => controlRequest(simulator, request, response, url),
  )
  const cdn = createCdnServer(() => world)
  const apiOrigin = await listen(api, settings.host, settings.port)
  const cdnOrigin = await listen(cdn, settings.host, settings.cdnPort).catch(async (error: unknown) => {
    await closeServer(api)
    throw error
  })
  world.links.origin = cdnOrigin

  const simulator: Simulator = {
    baseUrl: `${apiOrigin}/v1`,
    cdnUrl: cdnOrigin,
    controlUrl: `${apiOrigin}/_simulator`,
    apiKey: settings.apiKey,
    apiSecret: settings.apiSecret,
    projectId: settings.projectId,
    faults: {
      next: (name, faultOptions) => world.faults.next(name, faultOptions),
      rate: (name, rate, faultOptions) => world.faults.rate(name, rate, faultOptions),
      clear: () => world.faults.clear(),
    },
    now: () => world.clock.now(),
    advance: (ms) => world.clock.advance(ms),
    planNextJob: (plan) => {
      world.plannedJobs.push(plan)
    },
    requests: () => world.log.requests(),
    ledger: () => world.ledger.report((jobId) => world.jobs.isRefunded(jobId)),
    violations: () => world.log.violations(),
    jobs: () => world.jobs.all().map((job) => world.jobs.toJson(job)),
    assets: () => world.assets.all().map((asset) => world.assets.toJson(asset, false)),
    addJob: (job = {}) => addExternalJob(world, job),
    addAsset: (asset = {}) => addExternalAsset(world, asset),
    addModel: (model = {}) => addExternalModel(world, model),
    reset: () => {
      world = new World(settings, world.clock)
      world.links.origin = cdnOrigin
    },
    close: async () => {
      world.clock.stop()
      await Promise.all([closeServer(api), closeServer(cdn)])
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  }
  return simulator
}

const listen = async (server: Server, host: string, port: number): Promise<string> => {
  // On a busy machine, a client can reuse a connection after seconds. The server must not close it at that moment.
  server.keepAliveTimeout = 120_000
  server.listen(port, host)
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port")
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`
}

/** Closes a server and all its connections. */
const closeServer = async (server: Server): Promise<void> => {
  if (!server.listening) return
  const closed = once(server, "close")
  server.close()
  server.closeAllConnections()
  await closed
}
