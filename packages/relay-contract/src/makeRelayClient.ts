import type { Redacted } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { RelayApi } from "./RelayApi.ts"

export interface RelayClientOptions {
  /** The relay's URL, for example `https://relay.example.com`. */
  readonly baseUrl: string | URL
  readonly token: Redacted.Redacted | string
}

/** A typed client of the relay. It sends over the `HttpClient` of its context. */
export const makeRelayClient = ({ baseUrl, token }: RelayClientOptions) =>
  HttpApiClient.make(RelayApi, {
    baseUrl,
    transformClient: HttpClient.mapRequest(HttpClientRequest.bearerToken(token)),
  })
