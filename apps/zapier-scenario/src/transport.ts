import { ApiHttp, CdnHttp, type HttpTransport, type TransportRequest } from "@scenario-automation/core"
import { RelayApi } from "@scenario-automation/relay-contract"
import { Effect, Layer } from "effect"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { Readable } from "node:stream"
import type { HttpRequestOptions, RawHttpResponse, ZObject } from "zapier-platform-core"
import type { RelaySettings } from "./environment.ts"

interface UntypedOptions {
  readonly signal: AbortSignal
  /** False keeps Scenario's own message of a 429, which Zapier would replace. */
  readonly throwForThrottlingEarly: false
}

/** `merge` is missing from Zapier's typings, too. False keeps `{{…}}` in the body. */
type BodyOptions = Pick<HttpRequestOptions, "body"> & { readonly merge?: false }

/** Receives the status of each response, and `undefined` when a request is sent. */
type OnStatus = (status: number | undefined) => void

/**
 * Sends over `z.request`, so that requests appear in Zapier's log. `raw` streams the response, and keeps its signed links out
 * of that log.
 */
const makeZapierTransport =
  (
    z: ZObject,
    bodyOptions: (body: Uint8Array) => BodyOptions,
    onStatus: OnStatus = () => undefined,
  ): ((...sent: Parameters<HttpTransport>) => Promise<Response>) =>
  async ({ url, method, headers, body }, signal) => {
    const options: HttpRequestOptions & UntypedOptions & { url: string; raw: true } = {
      // A URL escapes `{{…}}` in its path, which Zapier would replace.
      url: new URL(url).href,
      method,
      // With any other name, Zapier's patched `http` logs the request again, with half of the key pair.
      headers: { ...headers, "user-agent": "Zapier" },
      redirect: "manual",
      raw: true,
      skipThrowForStatus: true,
      throwForThrottlingEarly: false,
      signal,
      ...(body === undefined ? {} : bodyOptions(body)),
    }
    onStatus(undefined)
    const response = await z.request(options)
    onStatus(response.status)
    return toWebResponse(response)
  }

/** Zapier replaces `{{…}}` in objects and texts, even in a prompt, but not in a Buffer. */
const asBuffer = (body: Uint8Array): BodyOptions => ({ body: Buffer.from(body) })

/** Zapier's log masks secrets in text, but not in a Buffer. */
const asText = (body: Uint8Array): BodyOptions => ({ body: Buffer.from(body).toString("utf8"), merge: false })

const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

const toWebResponse = (response: RawHttpResponse): Response =>
  new Response(withoutBody.has(response.status) ? null : toWebStream(response.body), {
    status: response.status,
    headers: new Headers([...response.headers.entries()]),
  })

const toWebStream = (body: NodeJS.ReadableStream): ReadableStream<Uint8Array> =>
  ReadableStream.from(untilSilence(body instanceof Readable ? body : Readable.from(body)))

/**
 * node-fetch 2, which `z.request` uses, reports nothing if a connection is cut in the middle of a body. A body that is silent
 * counts as broken, so that core resumes the download.
 */
async function* untilSilence(body: Readable): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  try {
    while (true) {
      let timer: NodeJS.Timeout | undefined
      const silence = new Promise<"silence">((resolve) => {
        timer = setTimeout(resolve, maxSilenceMs, "silence")
      })
      const next = await Promise.race([chunks.next(), silence]).finally(() => clearTimeout(timer))
      if (next === "silence") throw Object.assign(new Error("the body broke off"), { code: "ECONNRESET" })
      if (next.done === true) return
      yield next.value
    }
  } finally {
    body.destroy()
  }
}

const maxSilenceMs = 5_000

/**
 * Fails a read after 7 seconds, so that core sends it again and a read that hangs doesn't use up the step's time. Writes have no
 * such limit, because only their response names the result.
 */
const limitReads =
  (transport: HttpTransport): HttpTransport =>
  async (request, signal) => {
    if (!isRead(request)) return transport(request, signal)
    const limit = new AbortController()
    const tooLate = Object.assign(new Error("no response within 7 seconds"), { code: "ETIMEDOUT" })
    const timer = setTimeout(() => limit.abort(tooLate), readTimeoutMs)
    try {
      return await Promise.race([
        transport(request, AbortSignal.any([signal, limit.signal])),
        rejectOnAbort(limit.signal),
      ])
    } finally {
      clearTimeout(timer)
    }
  }

const readTimeoutMs = 7_000

const rejectOnAbort = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))

const isRead = ({ method, url }: TransportRequest): boolean =>
  method === "GET" || /\/(get-bulk|search\/\w+)(\?|$)/.test(url)

/**
 * Sends a request again after a 401. An `ExpiredAuthError` turns the Zap off until its owner reconnects, which a single 401 of
 * a failing gateway must not do. Scenario has not accepted such a request, so nothing is paid twice.
 */
const confirmRefusedKeys =
  (transport: HttpTransport): HttpTransport =>
  async (request, signal) => {
    const first = await transport(request, signal)
    if (first.status !== 401) return first
    await new Promise((resolve) => setTimeout(resolve, pauseBeforeConfirmingMs))
    signal.throwIfAborted()
    return transport(request, signal)
  }

const pauseBeforeConfirmingMs = 1_500

export const makeTransports = (z: ZObject, onStatus: OnStatus): Layer.Layer<ApiHttp | CdnHttp> =>
  Layer.merge(
    Layer.succeed(ApiHttp, confirmRefusedKeys(limitReads(makeZapierTransport(z, asBuffer, onStatus)))),
    Layer.succeed(CdnHttp, makeZapierTransport(z, asBuffer)),
  )

/** The relay's calls carry its token, and never Scenario's key. */
export const makeRelayClient = (z: ZObject, { url, token }: RelaySettings) =>
  HttpApiClient.makeWith(RelayApi, {
    baseUrl: url,
    httpClient: HttpClient.mapRequest(makeRelayHttp(z), HttpClientRequest.bearerToken(token)).pipe(
      HttpClient.transformResponse(Effect.provideService(HttpClient.TracerPropagationEnabled, false)),
    ),
  })

const makeRelayHttp = (z: ZObject): HttpClient.HttpClient => {
  const transport = makeZapierTransport(z, asText)
  return HttpClient.make((request, url, signal) => {
    const method = methods.find((known) => known === request.method)
    if (method === undefined) return Effect.die(new Error(`${request.method} isn't used here`))
    const body = request.body._tag === "Uint8Array" ? request.body.body : undefined
    return Effect.tryPromise({
      try: () =>
        transport(
          { method, url: url.href, headers: { ...request.headers }, body, isSentOnce: false },
          signal,
        ),
      catch: (cause) =>
        new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({ request, cause }),
        }),
    }).pipe(Effect.map((response) => HttpClientResponse.fromWeb(request, response)))
  })
}

const methods = ["GET", "POST", "PUT", "DELETE"] as const
