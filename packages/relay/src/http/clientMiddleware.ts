import {
  CurrentClient,
  NotAuthorized,
  RelayToken,
  TooManyRequests,
} from "@scenario-automation/relay-contract"
import { Effect, Layer, Redacted } from "effect"
import { Clients } from "../accounts/Clients.ts"

/** Lets a call pass that carries a client's token, within the client's request limit. */
export const clientMiddleware: Layer.Layer<RelayToken, never, Clients> = Layer.effect(
  RelayToken,
  Effect.map(Clients, (clients) =>
    RelayToken.of({
      bearer: (answer, { credential }) =>
        Effect.gen(function* () {
          const client = clients.findByToken(Redacted.value(credential))
          if (client === undefined) {
            return yield* new NotAuthorized({
              message: "The token isn't one of this relay's. Pass it as Authorization: Bearer <token>.",
            })
          }
          const retryAfterMs = yield* clients.countRequest(client)
          if (retryAfterMs > 0) {
            return yield* new TooManyRequests({
              message: `This client sends more than ${client.maxRequestsPerMinute} requests a minute. Try again in ${retryAfterMs} ms.`,
              retryAfterMs,
            })
          }
          return yield* Effect.provideService(answer, CurrentClient, { clientId: client.id })
        }),
    }),
  ),
)
