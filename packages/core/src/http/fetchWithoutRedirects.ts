import { Effect } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"

/**
 * `fetch` (the platform's, unless another is given) that hands a redirect out: by itself it would follow one, and repeat a
 * POST there.
 */
export const fetchWithoutRedirects = (
  fetch?: typeof globalThis.fetch,
): Effect.Effect<HttpClient.HttpClient> =>
  HttpClient.HttpClient.pipe(
    Effect.map(
      HttpClient.transformResponse((response) =>
        response.pipe(
          Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
          fetch === undefined
            ? (unchanged) => unchanged
            : Effect.provideService(FetchHttpClient.Fetch, fetch),
        ),
      ),
    ),
    Effect.provide(FetchHttpClient.layer),
  )
