import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { setTimeout as sleep } from "node:timers/promises"
import { assumptions, type PlannedJob } from "../world/workload.ts"

/** The simulator over real sockets in real time, with Scenario's assumed round trip. */
export class RealApi implements AsyncDisposable {
  readonly #simulator: Simulator

  private constructor(simulator: Simulator) {
    this.#simulator = simulator
  }

  static async start(requestsPerMinute?: number): Promise<RealApi> {
    return new RealApi(
      await startSimulator({ apiKey: "key", apiSecret: "secret", pictures: "plain", requestsPerMinute }),
    )
  }

  /** Adds a job that was just submitted by this key. */
  add(job: PlannedJob): { readonly jobId: string; readonly createdAt: number; readonly modelId: string } {
    const durationMs = Math.round(job.durationMs)
    const assetIds = [this.#simulator.addAsset()]
    const createdAt = this.#simulator.now()
    const { modelId } = job
    return { jobId: this.#simulator.addJob({ modelId, durationMs, assetIds }), createdAt, modelId }
  }

  /** Sends every request to the simulator, whatever its origin. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input)
    await sleep(assumptions.roundTripMs / 2)
    const response = await fetch(`${new URL(this.#simulator.baseUrl).origin}${pathname}${search}`, init)
    await sleep(assumptions.roundTripMs / 2)
    return response
  }

  /** One authorized poll, as a peer sends it. */
  readonly isDone = async (jobId: string): Promise<boolean> => {
    const authorization = `Basic ${Buffer.from("key:secret").toString("base64")}`
    const response = await this.fetch(`${this.#simulator.baseUrl}/jobs/${jobId}`, {
      headers: { authorization },
    })
    const { job }: { readonly job?: { readonly status?: string } } = JSON.parse(await response.text())
    return job?.status === "success"
  }

  get requests(): number {
    return this.#simulator.requests().length
  }

  get refused(): number {
    return this.#simulator.requests().filter(({ status }) => status === 429).length
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#simulator.close()
  }
}
