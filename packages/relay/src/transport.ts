import { FetchHttpClient } from "effect/http"

export const otlpTransport = FetchHttpClient.layer
