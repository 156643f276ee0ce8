import { ApiHttp, CdnHttp, type HttpTransport, type TransportRequest } from "@scenario-automation/core"
import { RelayApi } from "@scenario-automation/relay-contract"
import { Effect, Layer } from "effect"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { Readable } from "node:stream"
import type { HttpRequestOptions, RawHttpResponse, ZObject } from "zapier-platform-core"
import type { RelaySettings } from "./environment.ts"

/** Works, but is missing from Zapier's typings. */
interface UntypedOptions {
  /** Ends the request, also while its response hangs. */
  readonly signal: AbortSignal
  /** False keeps Scenario's own words of a 429, which Zapier would replace by an error of its own. */
  readonly throwForThrottlingEarly: false
}

/** `merge` is missing from the typings, too: false keeps `{{…}}` in the body as it is. */
type BodyOptions = Pick<HttpRequestOptions, "body"> & { readonly merge?: false }

/** Receives the status of a response, and nothing when a request is sent. */
type OnStatus = (status: number | undefined) => void

/**
 * Sends over `z.request`: requests show up in Zapier's log, and `signScenarioRequests` signs them. `raw` streams the response,
 * and keeps signed links in it out of that log.
 */
const zapierTransport =
  (
    z: ZObject,
    bodyOptions: (body: Uint8Array) => BodyOptions,
    onStatus: OnStatus = () => undefined,
  ): ((...sent: Parameters<HttpTransport>) => Promise<Response>) =>
  async ({ url, method, headers, body }, signal) => {
    const options: HttpRequestOptions & UntypedOptions & { url: string; raw: true } = {
      // Written so, it holds no `{{…}}` in its path, which Zapier would fill in.
      url: new URL(url).href,
      method,
      // Under any other name Zapier's patched `http` logs the request again, with the response and half of the key pair.
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
    return webResponse(response)
  }

/** Zapier fills in `{{…}}` in objects and texts, and would empty it in a prompt; it doesn't touch a Buffer. */
const asBuffer = (body: Uint8Array): BodyOptions => ({ body: Buffer.from(body) })

/** In text, Zapier's log finds and masks secrets. */
const asText = (body: Uint8Array): BodyOptions => ({ body: Buffer.from(body).toString("utf8"), merge: false })

/** Statuses that don't allow a body. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

const webResponse = (response: RawHttpResponse): Response =>
  new Response(withoutBody.has(response.status) ? null : webStream(response.body), {
    status: response.status,
    headers: new Headers([...response.headers.entries()]),
  })

const webStream = (body: NodeJS.ReadableStream): ReadableStream<Uint8Array> =>
  ReadableStream.from(untilSilence(body instanceof Readable ? body : Readable.from(body)))

/**
 * node-fetch 2, which `z.request` uses, reports nothing when a connection is cut in the middle of a body of known length: the
 * body just stays silent. It counts as broken then, so that core resumes a download where it was cut.
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
 * Gives a read seven seconds, after which core sends it again: one that hangs must not use up the 30 seconds of a step. What
 * changes something at Scenario keeps its own time, because its response may be all that names the result.
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

/** Some reads are posts: their questions are too long for a URL. */
const isRead = ({ method, url }: TransportRequest): boolean =>
  method === "GET" || /\/(get-bulk|search\/\w+)(\?|$)/.test(url)

/**
 * Sends a request that was answered by 401 once more. An expired key turns the Zap off, until its owner connects again: a
 * single 401, which a gateway in trouble can give, must not do that. Scenario has certainly not accepted such a request, so
 * that nothing is paid twice.
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

/** The two transports that core needs. The middleware signs only what goes to Scenario's origin. */
export const transports = (z: ZObject, onStatus: OnStatus): Layer.Layer<ApiHttp | CdnHttp> =>
  Layer.merge(
    Layer.succeed(ApiHttp, confirmRefusedKeys(limitReads(zapierTransport(z, asBuffer, onStatus)))),
    Layer.succeed(CdnHttp, zapierTransport(z, asBuffer)),
  )

/** The relay's own calls. They carry its token, and nothing else signs them. */
export const relayClient = (z: ZObject, { url, token }: RelaySettings) =>
  HttpApiClient.makeWith(RelayApi, {
    baseUrl: url,
    httpClient: HttpClient.mapRequest(relayHttp(z), HttpClientRequest.bearerToken(token)).pipe(
      HttpClient.transformResponse(Effect.provideService(HttpClient.TracerPropagationEnabled, false)),
    ),
  })

/** The same as Effect's client, which the relay's contract is spoken with. */
const relayHttp = (z: ZObject): HttpClient.HttpClient => {
  const transport = zapierTransport(z, asText)
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
