import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/**
 * Sends one request once, unchanged, and resolves with the head of the response. It returns a 3xx instead of following it.
 * Without a response it rejects with the platform's error. Aborting `signal` ends the request, and the response's body
 * if that is still being read.
 */
export type HttpTransport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  /** To be sent unchanged: a signed link can lose its signature when it is parsed and serialized again. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | undefined
  /** True if no layer below may repeat the request. */
  readonly isSentOnce: boolean
  /** For logs: 1 if the same request wasn't sent before. Absent for files. */
  readonly attempt?: number | undefined
}

/** The used part of a response. The platform's `Response` fits. */
export interface TransportResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Iterable<readonly [name: string, value: string]>
  readonly body: AsyncIterable<Uint8Array> | null
  /** The whole body as text. */
  text(): Promise<string>
}

/** The URL is invalid (`url`), no response came (`head`), or its body was cut off (`body`). */
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

/** Sends a request and uses its response. Aborts the request if `use` fails or is interrupted. */
export const sendAndUse = <A, E>(
  transport: HttpTransport,
  request: TransportRequest,
  use: (response: TransportResponse) => Effect.Effect<A, E>,
): Effect.Effect<A, E | TransportFailed> =>
  Effect.suspend(() => {
    const controller = new AbortController()
    return send(transport, request, controller.signal).pipe(
      Effect.flatMap(use),
      Effect.onError(() => Effect.sync(() => controller.abort())),
    )
  })

export type ResponseHeaders = Readonly<Record<string, string | undefined>>

export const readHeaders = (response: TransportResponse): ResponseHeaders =>
  Object.fromEntries(response.headers)
