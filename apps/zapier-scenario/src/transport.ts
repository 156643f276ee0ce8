import { ApiHttp, CdnHttp } from "@scenario-automation/core"
import { RelayApi } from "@scenario-automation/relay-contract"
import { Effect, Layer } from "effect"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { Readable } from "node:stream"
import type { HttpRequestOptions, RawHttpResponse, ZObject } from "zapier-platform-core"
import type { RelaySettings } from "./environment.ts"

/** Works, and is missing from Zapier's typings. */
interface UntypedOptions {
  /** Ends the request, also while its answer hangs. */
  readonly signal: AbortSignal
  /** False keeps Scenario's own words of a 429, which Zapier would replace by an error of its own. */
  readonly throwForThrottlingEarly: false
}

/** `merge` is missing from the typings too: false leaves `{{…}}` in the body alone. */
type BodyOptions = Pick<HttpRequestOptions, "body"> & { readonly merge?: false }

/**
 * `z.request` as Effect's client: requests show up in Zapier's log, and `signScenarioRequests` signs them. `raw` streams
 * the answer, and keeps signed links that stand in it out of that log.
 */
const zapierHttp = (
  z: ZObject,
  bodyOptions: (body: Uint8Array) => BodyOptions,
  onStatus: (status: number) => void = () => undefined,
): HttpClient.HttpClient =>
  HttpClient.make((request, url, signal) => {
    const method = methods.find((known) => known === request.method)
    if (method === undefined) return Effect.die(new Error(`Nothing here is asked by ${request.method}`))
    const options: HttpRequestOptions & UntypedOptions & { url: string; raw: true } = {
      url: url.href,
      method,
      // Under any other name Zapier's patched `http` logs the request once more, with the answer and half of the key pair.
      headers: { ...request.headers, "user-agent": "Zapier" },
      redirect: "manual",
      raw: true,
      skipThrowForStatus: true,
      throwForThrottlingEarly: false,
      signal,
      ...(request.body._tag === "Uint8Array" ? bodyOptions(request.body.body) : {}),
    }
    return Effect.tryPromise({
      try: () => z.request(options),
      catch: (cause) =>
        new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({ request, cause }),
        }),
    }).pipe(
      Effect.map((response) => {
        onStatus(response.status)
        return HttpClientResponse.fromWeb(request, webResponse(response))
      }),
    )
  })

const methods = ["GET", "POST", "PUT", "DELETE"] as const

/** Zapier fills in `{{…}}` in objects and texts, and would empty it in a prompt; a Buffer it leaves alone. */
const asBuffer = (body: Uint8Array): BodyOptions => ({ body: Buffer.from(body) })

/** As text Zapier's log can find, and mask, the secrets in it. */
const asText = (body: Uint8Array): BodyOptions => ({ body: Buffer.from(body).toString("utf8"), merge: false })

/** Statuses with which a body is not allowed. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

const webResponse = (response: RawHttpResponse): Response =>
  new Response(withoutBody.has(response.status) ? null : webStream(response.body), {
    status: response.status,
    headers: new Headers([...response.headers.entries()]),
  })

const webStream = (body: NodeJS.ReadableStream): ReadableStream<Uint8Array> =>
  ReadableStream.from(untilSilence(body instanceof Readable ? body : Readable.from(body)))

/**
 * node-fetch 2, beneath `z.request`, says nothing when a connection is cut in the middle of a body of known length: the body
 * just stays silent. It counts as broken then, so that core takes a download up where it was cut.
 */
async function* untilSilence(body: Readable): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  try {
    while (true) {
      let timer: NodeJS.Timeout | undefined
      const silence = new Promise<"silence">((resolve) => {
        timer = setTimeout(resolve, longestSilenceMs, "silence")
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

const longestSilenceMs = 5_000

/**
 * The two transports that core needs. That the one signs and the other does not is the middleware's doing, by origin.
 * `onStatus` hears of every answer of Scenario's API.
 */
export const transports = (z: ZObject, onStatus: (status: number) => void): Layer.Layer<ApiHttp | CdnHttp> =>
  Layer.merge(
    Layer.succeed(ApiHttp, zapierHttp(z, asBuffer, onStatus)),
    Layer.succeed(CdnHttp, zapierHttp(z, asBuffer)),
  )

/** The relay's own calls; they carry its token, and nothing else signs them. */
export const relayClient = (z: ZObject, { url, token }: RelaySettings) =>
  HttpApiClient.makeWith(RelayApi, {
    baseUrl: url,
    httpClient: HttpClient.mapRequest(zapierHttp(z, asText), HttpClientRequest.bearerToken(token)).pipe(
      HttpClient.transformResponse(Effect.provideService(HttpClient.TracerPropagationEnabled, false)),
    ),
  })
