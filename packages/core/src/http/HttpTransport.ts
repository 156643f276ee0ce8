import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/**
 * Sends one request, as it is and once, and answers with the head of its response; a 3xx as well, instead of following it.
 * It rejects with what the platform throws if there is no response. Aborting `signal` ends the request, and its response's
 * body if that is still being read.
 */
export type HttpTransport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  /** To be sent as it is: a signed link that is parsed and printed again can lose its signature. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | undefined
  /** True if nothing below may send it again: no proxy of ours, no client, no platform. */
  readonly isSentOnce: boolean
}

/** What is used of a response. The platform's own `Response` is one. */
export interface TransportResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Iterable<readonly [name: string, value: string]>
  readonly body: AsyncIterable<Uint8Array> | null
  text(): Promise<string>
}

/** There is no response, or not all of it: by `stage`, the URL isn't one, none came, or its body broke off. */
export class TransportFailed extends Data.TaggedError("TransportFailed")<{
  readonly stage: "url" | "head" | "body"
  /** What the transport threw. */
  readonly cause?: unknown
}> {}

export const send = (
  transport: HttpTransport,
  request: TransportRequest,
  signal: AbortSignal,
): Effect.Effect<TransportResponse, TransportFailed> =>
  URL.canParse(request.url)
    ? Effect.tryPromise({
        try: () => transport(request, signal),
        catch: (cause) => new TransportFailed({ stage: "head", cause }),
      })
    : Effect.fail(new TransportFailed({ stage: "url" }))

export const readText = (response: TransportResponse): Effect.Effect<string, TransportFailed> =>
  Effect.tryPromise({
    try: () => response.text(),
    catch: (cause) => new TransportFailed({ stage: "body", cause }),
  })

/** Sends a request and uses its response. If that fails or is interrupted, the request ends with it. */
export const sendAndUse = <A, E>(
  transport: HttpTransport,
  request: TransportRequest,
  use: (response: TransportResponse) => Effect.Effect<A, E>,
): Effect.Effect<A, E | TransportFailed> =>
  Effect.suspend(() => {
    const ending = new AbortController()
    return send(transport, request, ending.signal).pipe(
      Effect.flatMap(use),
      Effect.onError(() => Effect.sync(() => ending.abort())),
    )
  })

/** Headers of a response by their names. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>

export const readHeaders = (response: TransportResponse): ResponseHeaders =>
  Object.fromEntries(response.headers)
