import type { JsonObject } from "../json.ts"

/** Thrown by a route that refuses a request. */
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

/** An error of the application: `{reason}`, as the live API returns it. */
export const refuse = (status: number, reason: string, details?: JsonObject): Refusal =>
  new Refusal(status, { reason, details })

/** An error of the API gateway: `{message}`. */
export const refuseAtGateway = (status: number, message: string): Refusal => new Refusal(status, { message })

/** An error as in the contract's responses 400, 401, 403, 404, and 500. */
export const toContractError = (id: string, apiError: string, error: string, at: string): JsonObject => ({
  id,
  apiError,
  error,
  infos: {},
  createdAt: at,
  updatedAt: at,
})
