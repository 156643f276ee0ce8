import { NodeHttpServer } from "@effect/platform-node"
import {
  AccountRefused,
  CurrentClient,
  NotAuthorized,
  RelayApi,
  RelayToken,
  WaitRefused,
} from "@scenario-automation/relay-contract"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { HttpApiBuilder, HttpApiMiddleware } from "effect/http-api"
import { createServer } from "node:http"

export interface RelayStandIn extends AsyncDisposable {
  readonly url: string
  readonly calls: Array<{ readonly what: "account" | "wait"; readonly asked: unknown }>
}

export interface RelayScript {
  readonly accounts?: ReadonlyArray<"ok" | "refused">
  readonly waits?: ReadonlyArray<"ok" | "refused">
}

export const relayToken = "relay-token-of-no-value"

export const startRelay = async (script: RelayScript = {}): Promise<RelayStandIn> => {
  const calls: RelayStandIn["calls"] = []
  const countCalls = (what: "account" | "wait") => calls.filter((call) => call.what === what).length

  const token = Layer.succeed(RelayToken, {
    bearer: (answer, { credential }) =>
      Redacted.value(credential) === relayToken
        ? Effect.provideService(answer, CurrentClient, { clientId: "zapier" })
        : Effect.fail(new NotAuthorized({ message: "no" })),
  })
  const accounts = HttpApiBuilder.group(RelayApi, "accounts", (handlers) =>
    handlers.handleAll({
      register: ({ params, payload }) => {
        const how = script.accounts?.[countCalls("account")]
        calls.push({ what: "account", asked: { ...params, ...payload } })
        return how === "refused" ? Effect.fail(new AccountRefused({ message: "no" })) : Effect.void
      },
      remove: unexpected,
    }),
  )
  const waits = HttpApiBuilder.group(RelayApi, "waits", (handlers) =>
    handlers.handleAll({
      register: ({ payload }) => {
        const how = script.waits?.[countCalls("wait")]
        calls.push({ what: "wait", asked: payload })
        return how === "refused"
          ? Effect.fail(new WaitRefused({ message: "no" }))
          : Effect.succeed({
              waitId: "wait_1",
              accountId: payload.accountId,
              state: "waiting" as const,
              jobs: payload.jobIds.map((jobId) => ({ jobId })),
              createdAt: new Date().toISOString(),
              expiresAt: new Date().toISOString(),
              delivery: { attempts: 0 },
            })
      },
      submit: unexpected,
      list: unexpected,
      get: unexpected,
      cancel: unexpected,
      redeliver: unexpected,
    }),
  )
  const routes = HttpApiBuilder.layer(RelayApi).pipe(
    Layer.provide([accounts, waits]),
    Layer.provide([token, HttpApiMiddleware.layerProblemDetails()]),
  )
  const runtime = ManagedRuntime.make(
    HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
      Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })),
    ),
  )
  const address = await runtime.runPromise(HttpServer.HttpServer.useSync((server) => server.address))
  if (address._tag !== "InetAddressV4") throw new Error("no port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    [Symbol.asyncDispose]: () => runtime.dispose(),
  }
}

const unexpected = () => Effect.die(new Error("the app doesn't make this call"))
