import { Effect } from "effect"
import { HttpClient } from "effect/http"

/**
 * Sends a request that was answered by 401 once more. An expired key turns the Zap off, until its owner connects again: a
 * single 401, which a gateway in trouble can give, must not do that. Scenario has certainly not accepted such a request, so
 * that nothing is paid twice.
 */
export const confirmRefusedKeys = (http: HttpClient.HttpClient): HttpClient.HttpClient =>
  HttpClient.transform(http, (response) =>
    Effect.flatMap(response, (first) =>
      first.status === 401
        ? Effect.andThen(Effect.sleep(pauseBeforeConfirming), response)
        : Effect.succeed(first),
    ),
  )

const pauseBeforeConfirming = "1500 millis"
