import { Effect } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"

/** The platform's `fetch`, which by itself would follow a redirect and repeat a POST there. */
export const fetchWithoutRedirects = HttpClient.HttpClient.pipe(
  Effect.map(
    HttpClient.transformResponse(Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })),
  ),
  Effect.provide(FetchHttpClient.layer),
)
