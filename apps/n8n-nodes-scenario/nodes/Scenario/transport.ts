import { ApiHttp, CdnHttp, type HttpTransport, type TransportRequest } from "@scenario-automation/core"
import { Layer } from "effect"
import type {
  IExecuteFunctions,
  IHttpRequestOptions,
  ILoadOptionsFunctions,
  IN8nHttpFullResponse,
  IPollFunctions,
} from "n8n-workflow"
import { rememberReadable } from "./output/nodeReadable.ts"

/** n8n's contexts that can send a request: of a node, its panel, or a trigger. */
export type Host = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions

/** Core's two transports send by n8n's request helper, so that n8n's proxy and limits apply. */
export const makeTransports = (current: () => Host): Layer.Layer<ApiHttp | CdnHttp> =>
  Layer.mergeAll(
    Layer.succeed(
      ApiHttp,
      makeTransport((options) => sendSigned(current(), options)),
    ),
    Layer.succeed(
      CdnHttp,
      makeTransport((options) => sendUnsigned(current(), options)),
    ),
  )

/** Signs with the relay's credential. */
export const makeRelayTransport = (host: Host): HttpTransport =>
  makeTransport((options) => sendSigned(host, options, "scenarioRelayApi"))

const sendSigned = (
  host: Host,
  options: IHttpRequestOptions,
  credential = "scenarioApi",
): Promise<unknown> => {
  // n8n replaces the request's signal by the execution's. But executions share requests, and a submit in flight has to
  // finish even if its execution is stopped.
  const withOwnSignal: Host = Object.create(host, {
    getExecutionCancelSignal: { value: () => options.abortSignal },
  })
  return host.helpers.httpRequestWithAuthentication.call(withOwnSignal, credential, options)
}

/** File links are signed, so the CDN gets no credential. */
const sendUnsigned = (host: Host, options: IHttpRequestOptions): Promise<unknown> =>
  host.helpers.httpRequest(options)

const makeTransport =
  (send: (options: IHttpRequestOptions) => Promise<unknown>): HttpTransport =>
  async (request, signal) =>
    toResponse(
      await send({
        url: request.url,
        method: request.method,
        headers: { ...request.headers },
        ...toBody(request),
        encoding: "stream",
        returnFullResponse: true,
        ignoreHttpStatusErrors: true,
        disableFollowRedirect: true,
        abortSignal: signal,
      }),
    )

const toBody = ({ body }: TransportRequest): Pick<IHttpRequestOptions, "body"> =>
  body === undefined ? {} : { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }

const isFullResponse = (response: unknown): response is IN8nHttpFullResponse =>
  typeof response === "object" && response !== null && "statusCode" in response && "body" in response

const isIterable = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === "object" && body !== null && Symbol.asyncIterator in body

/** `Response` allows no body with these statuses. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

const toResponse = async (response: unknown): Promise<Response> => {
  if (!isFullResponse(response)) throw new TypeError("n8n's request helper gave no response")
  const { body, statusCode: status } = response
  rememberReadable(body)
  const headers = toHeaders(response)
  if (!isIterable(body)) return new Response(null, { status, headers })
  if (!bodiless.has(status)) return new Response(ReadableStream.from(body), { status, headers })
  // A connection is free only after its response was read.
  const unread = body[Symbol.asyncIterator]()
  while ((await unread.next()).done !== true) continue
  return new Response(null, { status, headers })
}

const toHeaders = ({ headers }: IN8nHttpFullResponse): Headers => {
  const all = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" || typeof value === "number") all.set(name, String(value))
  }
  return all
}
