import { Effect } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { sentOnce } from "./sentOnce.ts"

/**
 * `fetch` (the platform's, unless another is given) that returns a redirect: by itself it would follow one, and repeat a POST
 * there. Nor does it answer from a cache: frameworks that keep responses would show a job as it was first seen, forever.
 */
export const fetchWithoutRedirects = (
  fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
): Effect.Effect<HttpClient.HttpClient> =>
  HttpClient.HttpClient.pipe(
    Effect.map(
      HttpClient.transformResponse((response) =>
        Effect.flatMap(sentOnce, (isSentOnce) =>
          response.pipe(
            Effect.provideService(FetchHttpClient.RequestInit, requestInit()),
            Effect.provideService(
              FetchHttpClient.Fetch,
              isSentOnce && repeatsRequests() ? withOneShotBody(fetch) : fetch,
            ),
          ),
        ),
      ),
    ),
    Effect.provide(FetchHttpClient.layer),
  )

const withoutCache: RequestInit = { redirect: "manual", cache: "no-store" }

let usableInit: RequestInit | undefined

/** Workers with an older compatibility date, which have no cache to avoid, throw at the option. */
const requestInit = (): RequestInit => {
  if (usableInit !== undefined) return usableInit
  try {
    void new Request("http://localhost", withoutCache)
    usableInit = withoutCache
  } catch {
    usableInit = { redirect: "manual" }
  }
  return usableInit
}

/** Deno repeats a request, a POST as well, if a reused connection closes before its response has begun. */
const repeatsRequests = (): boolean => "Deno" in globalThis

/**
 * A stream can be read once only, so that no platform can send it again; Deno knows what is behind a `Response`'s own and
 * repeats that as well. Elsewhere bodies keep their length.
 */
const withOneShotBody =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  (input, init) => {
    const body = init?.body
    if (body === undefined || body === null || body instanceof ReadableStream) return fetch(input, init)
    const oneShot: RequestInit & { readonly duplex: "half" } = {
      ...init,
      body: new ReadableStream({
        start: async (controller) => {
          controller.enqueue(new Uint8Array(await new Response(body).arrayBuffer()))
          controller.close()
        },
      }),
      duplex: "half",
    }
    return fetch(input, oneShot)
  }
