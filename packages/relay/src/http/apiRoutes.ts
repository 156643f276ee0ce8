import { CurrentClient, NotAllowed, RelayApi } from "@scenario-automation/relay-contract"
import { Effect, Layer } from "effect"
import { HttpApiBuilder, HttpApiMiddleware } from "effect/http-api"
import { Accounts } from "../accounts/Accounts.ts"
import { Clients } from "../accounts/Clients.ts"
import { clientMiddleware } from "./clientMiddleware.ts"
import { unavailable } from "./unavailable.ts"
import { WaitApi } from "./WaitApi.ts"

const currentClient = Effect.gen(function* () {
  const { clientId } = yield* CurrentClient
  const client = (yield* Clients).get(clientId)
  return client ?? (yield* Effect.die(new Error("the middleware let an unknown client pass")))
})

const mayRegister = Effect.gen(function* () {
  const client = yield* currentClient
  if (client.canRegisterAccounts) return client
  return yield* new NotAllowed({
    message: "This client may not register accounts. Set canRegisterAccounts in the relay's configuration.",
  })
})

const accountGroup = HttpApiBuilder.group(
  RelayApi,
  "accounts",
  Effect.fnUntraced(function* (handlers) {
    const accounts = yield* Accounts
    return handlers.handleAll({
      register: ({ params, payload }) =>
        Effect.flatMap(mayRegister, (client) => accounts.register(client, params.accountId, payload)).pipe(
          Effect.catchTag("SqlError", unavailable),
        ),
      remove: ({ params }) =>
        Effect.flatMap(mayRegister, (client) => accounts.remove(client, params.accountId)).pipe(
          Effect.catchTag("SqlError", unavailable),
        ),
    })
  }),
)

const waitGroup = HttpApiBuilder.group(
  RelayApi,
  "waits",
  Effect.fnUntraced(function* (handlers) {
    const waits = yield* WaitApi
    return handlers.handleAll({
      register: ({ payload }) => Effect.flatMap(currentClient, (client) => waits.register(client, payload)),
      submit: ({ payload }) => Effect.flatMap(currentClient, (client) => waits.submit(client, payload)),
      list: ({ query }) => Effect.flatMap(currentClient, (client) => waits.list(client, query)),
      get: ({ params }) => Effect.flatMap(currentClient, (client) => waits.get(client, params.waitId)),
      cancel: ({ params }) => Effect.flatMap(currentClient, (client) => waits.cancel(client, params.waitId)),
      redeliver: ({ params }) =>
        Effect.flatMap(currentClient, (client) => waits.redeliver(client, params.waitId)),
    })
  }),
)

/** The API for clients, and its description at /openapi.json. */
export const apiRoutes = HttpApiBuilder.layer(RelayApi, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide([accountGroup, waitGroup]),
  Layer.provide([clientMiddleware, HttpApiMiddleware.layerProblemDetails({ includeDetails: true })]),
)
