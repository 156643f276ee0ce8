import type { JsonObject } from "../json.ts"

/** Thrown by a route that says no: the answer's status and body. */
export class Refusal extends Error {
  readonly status: number
  readonly body: JsonObject
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: JsonObject, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** An error of the application: `{reason}`, as the live API words them [3P]. */
export const refuse = (status: number, reason: string, details?: JsonObject): Refusal =>
  new Refusal(status, { reason, details })

/** An error of the gateway before the application: `{message}`. */
export const refuseAtGateway = (status: number, message: string): Refusal => new Refusal(status, { message })

/** The other envelope of the contract (OAS 400, 401, 403, 404, 500). */
export const toContractError = (id: string, apiError: string, error: string, at: string): JsonObject => ({
  id,
  apiError,
  error,
  infos: {},
  createdAt: at,
  updatedAt: at,
})
