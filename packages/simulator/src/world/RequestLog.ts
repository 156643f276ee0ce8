import { isJsonObject, type Json } from "../json.ts"

export interface LoggedRequest {
  /** When it arrived. Simulated epoch ms. */
  readonly at: number
  readonly method: string
  /** Without the query. Paths of the API begin with `/v1`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The status of the response, or 0 if none was sent. */
  readonly status: number
  readonly origin: "api" | "cdn"
  /** Whether the credentials were valid. Their value isn't stored. */
  readonly authorization: "none" | "valid" | "invalid"
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Json | undefined
  /** The text of a small body, in which numbers have all their digits. */
  readonly text?: string | undefined
  /** The fault that hit it. Several are joined by `+`. */
  readonly fault?: string | undefined
}

/** Something that the real API would refuse or ignore. */
export interface Violation {
  /** An index of `requests()`. */
  readonly requestIndex: number
  readonly path: string
  readonly problem: string
}

/** All requests in the order of arrival, and their violations. */
export class RequestLog {
  readonly #requests: Array<{ -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] }> = []
  readonly #violations: Array<Violation> = []

  /** Returns the index of the request, for the other methods. */
  addRequest(request: NewRequest): number {
    return this.#requests.push({ ...request, status: 0 }) - 1
  }

  setBody(index: number, body: Json, text: string): void {
    const request = this.#requests[index]
    if (request === undefined) return
    request.body = shorten(body)
    if (text.length <= maxLoggedCharacters) request.text = text
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

/** Longer data URLs are shortened in the log. */
const maxLoggedCharacters = 2000

const shorten = (value: Json): Json => {
  if (typeof value === "string" && value.length > maxLoggedCharacters && value.startsWith("data:")) {
    return `${value.slice(0, 60)}… (${value.length} characters)`
  }
  if (Array.isArray(value)) return value.map(shorten)
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        member === undefined ? undefined : shorten(member),
      ]),
    )
  }
  return value
}

type NewRequest = Omit<LoggedRequest, "status" | "fault" | "body" | "text">
