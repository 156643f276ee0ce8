import { isJsonObject, type Json } from "../json.ts"

export interface LoggedRequest {
  /** Simulated epoch ms of arrival. */
  readonly at: number
  readonly method: string
  /** Without the query; `/v1` included on the API. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** HTTP status of the answer; 0 when none was sent (reset, lost, still hanging). */
  readonly status: number
  readonly origin: "api" | "cdn"
  /** Only the class is kept, never the value. */
  readonly authorization: "none" | "valid" | "invalid"
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Json | undefined
  /** The body as it was sent, of small ones: its numbers have all their digits. */
  readonly text?: string | undefined
  /** The fault that hit it; several are joined by `+`. */
  readonly fault?: string | undefined
}

/** Something that the real API would refuse, drop or punish. */
export interface Violation {
  /** Index into `requests()`. */
  readonly requestIndex: number
  readonly path: string
  readonly problem: string
}

/** Longest text kept of a body's member: inlined pictures are long and tell nothing. */
const keptCharacters = 2000

const shortened = (value: Json): Json => {
  if (typeof value === "string" && value.length > keptCharacters && value.startsWith("data:")) {
    return `${value.slice(0, 60)}… (${value.length} characters)`
  }
  if (Array.isArray(value)) return value.map(shortened)
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        member === undefined ? undefined : shortened(member),
      ]),
    )
  }
  return value
}

type NewRequest = Omit<LoggedRequest, "status" | "fault" | "body" | "text">

/** Every request in order of arrival, and what was wrong with some of them. */
export class RequestLog {
  readonly #requests: Array<{ -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] }> = []
  readonly #violations: Array<Violation> = []

  /** Returns the index by which the request is completed later. */
  addRequest(request: NewRequest): number {
    return this.#requests.push({ ...request, status: 0 }) - 1
  }

  setBody(index: number, body: Json, text: string): void {
    const request = this.#requests[index]
    if (request === undefined) return
    request.body = shortened(body)
    if (text.length <= keptCharacters) request.text = text
  }

  setStatus(index: number, status: number): void {
    const request = this.#requests[index]
    if (request !== undefined) request.status = status
  }

  addFault(index: number, name: string): void {
    const request = this.#requests[index]
    if (request !== undefined) request.fault = request.fault === undefined ? name : `${request.fault}+${name}`
  }

  addViolation(requestIndex: number, problem: string): void {
    const path = this.#requests[requestIndex]?.path ?? ""
    this.#violations.push({ requestIndex, path, problem })
  }

  requests(): ReadonlyArray<LoggedRequest> {
    return this.#requests.map((request) => ({ ...request }))
  }

  violations(): ReadonlyArray<Violation> {
    return [...this.#violations]
  }
}
