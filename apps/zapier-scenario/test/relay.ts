import { NodeHttpServer } from "@effect/platform-node"
import {
  AccountRefused,
  NotAuthorized,
  RelayApi,
  RelayToken,
  WaitRefused,
} from "@scenario-automation/relay-contract"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
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
      Redacted.value(credential) === relayToken ? answer : Effect.fail(new NotAuthorized({})),
  })
  const accounts = HttpApiBuilder.group(RelayApi, "accounts", (handlers) =>
    handlers.handle("register", ({ params, payload }) => {
      const how = script.accounts?.[countCalls("account")]
      calls.push({ what: "account", asked: { ...params, ...payload } })
      return how === "refused" ? Effect.fail(new AccountRefused({ reason: "no" })) : Effect.void
    }),
  )
  const waits = HttpApiBuilder.group(RelayApi, "waits", (handlers) =>
    handlers.handle("register", ({ payload }) => {
      const how = script.waits?.[countCalls("wait")]
      calls.push({ what: "wait", asked: payload })
      return how === "refused"
        ? Effect.fail(new WaitRefused({ reason: "no" }))
        : Effect.succeed({ waitId: "wait_1", jobId: payload.jobId, expiresAt: new Date().toISOString() })
    }),
  )
  const routes = HttpApiBuilder.layer(RelayApi).pipe(Layer.provide([accounts, waits]), Layer.provide(token))
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
