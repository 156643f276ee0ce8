import type { ActiveFault, FaultName, FaultOptions } from "../Faults.ts"
import { isJsonObject, type Json, type JsonObject } from "../json.ts"
import type { World } from "../world/World.ts"
import { refuse } from "./Refusal.ts"

export interface ApiResponse {
  readonly status: number
  readonly body: JsonObject
  readonly headers?: Readonly<Record<string, string>>
}

export const ok = (body: JsonObject): ApiResponse => ({ status: 200, body })

/** A request to the API, with what a route needs to respond to it. */
export class Exchange {
  readonly world: World
  readonly method: string
  /** Below `/v1`, such as `/jobs/job_1`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Json | undefined
  readonly faults: ReadonlyArray<ActiveFault>
  readonly #requestIndex: number

  constructor(parts: {
    readonly world: World
    readonly method: string
    readonly path: string
    readonly query: URLSearchParams
    readonly body: Json | undefined
    readonly faults: ReadonlyArray<ActiveFault>
    readonly requestIndex: number
  }) {
    this.world = parts.world
    this.method = parts.method
    this.path = parts.path
    this.query = parts.query
    this.body = parts.body
    this.faults = parts.faults
    this.#requestIndex = parts.requestIndex
  }

  addViolation(problem: string): void {
    this.world.log.addViolation(this.#requestIndex, problem)
  }

  /** The options of a fault, if it hits this request. */
  getFault(name: FaultName): FaultOptions | undefined {
    return this.faults.find((fault) => fault.name === name)?.options
  }

  /** The body, which must be an object. A missing body counts as `{}`. */
  getObjectBody(): JsonObject {
    if (this.body === undefined) return {}
    if (isJsonObject(this.body)) return this.body
    throw refuse(400, "The body must be a JSON object")
  }

  isOn(name: string): boolean {
    return this.query.get(name) === "true"
  }

  get isDryRun(): boolean {
    if (this.getFault("ignored-dry-run") !== undefined) return false
    const value = this.query.get("dryRun")
    return value === "true" || value === "api"
  }
}
