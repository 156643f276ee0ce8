import { Effect } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest } from "effect/http"

/**
 * Gives a read seven seconds, after which core sends it again: one that hangs must not use up the 30 seconds of a step. What
 * changes something at Scenario keeps its own time, because its response may be all that names the result.
 */
export const limitReads = (http: HttpClient.HttpClient): HttpClient.HttpClient =>
  HttpClient.transform(http, (response, request) =>
    isRead(request)
      ? Effect.timeoutOrElse(response, {
          duration: readTimeout,
          orElse: () =>
            Effect.fail(
              new HttpClientError.HttpClientError({
                reason: new HttpClientError.TransportError({
                  request,
                  cause: Object.assign(new Error("no response within 7 seconds"), { code: "ETIMEDOUT" }),
                }),
              }),
            ),
        })
      : response,
  )

const readTimeout = "7 seconds"

/** Some reads are posts: their questions are too long for a URL. */
const isRead = ({ method, url }: HttpClientRequest.HttpClientRequest): boolean =>
  method === "GET" || /\/(get-bulk|search\/\w+)$/.test(url)
