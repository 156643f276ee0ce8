import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpRouter } from "effect/http"
import { HttpApiBuilder, HttpApiMiddleware } from "effect/http-api"
import {
  AccountRefused,
  Callback,
  CallbackHeaders,
  CurrentClient,
  makeRelayClient,
  NotAuthorized,
  RelayApi,
  RelayToken,
  UnknownAccount,
  type Wait,
} from "../src/index.ts"

const token = "a-token-of-no-value"
const known = "account-1"

const stored: Wait = {
  waitId: "wait_1",
  accountId: known,
  state: "waiting",
  jobs: [{ jobId: "job_1" }],
  createdAt: "2026-11-24T12:00:00Z",
  expiresAt: "2026-11-25T12:00:00Z",
  delivery: { attempts: 0 },
}

/** A relay that knows the contract, one account, and one wait. */
const relay = HttpApiBuilder.layer(RelayApi, { openapiPath: "/openapi.json" }).pipe(
  Layer.provide([
    HttpApiBuilder.group(RelayApi, "accounts", (handlers) =>
      handlers.handleAll({
        register: ({ payload }) =>
          payload.apiSecret === "wrong" ? Effect.fail(new AccountRefused({ message: "401" })) : Effect.void,
        remove: () => Effect.void,
      }),
    ),
    HttpApiBuilder.group(RelayApi, "waits", (handlers) =>
      handlers.handleAll({
        register: ({ payload: { accountId } }) =>
          accountId === known
            ? Effect.succeed(stored)
            : Effect.fail(new UnknownAccount({ message: "Register the account first." })),
        submit: () => Effect.succeed({ ...stored, state: "submitting" as const, jobs: [] }),
        list: ({ query }) => Effect.succeed({ waits: query.pageSize === 1 ? [stored] : [] }),
        get: () => Effect.succeed({ ...stored, attempts: [] }),
        cancel: () => Effect.succeed({ ...stored, state: "canceled" as const }),
        redeliver: () => Effect.succeed({ at: stored.createdAt, kind: "redelivery" as const, latencyMs: 3 }),
      }),
    ),
  ]),
  Layer.provide([
    Layer.succeed(RelayToken, {
      bearer: (answer, { credential }) =>
        Redacted.value(credential) === token
          ? Effect.provideService(answer, CurrentClient, { clientId: "client" })
          : Effect.fail(new NotAuthorized({ message: "Pass the token as a bearer." })),
    }),
    HttpApiMiddleware.layerProblemDetails({ includeDetails: true }),
  ]),
)

const served = HttpRouter.serve(relay, { disableLogger: true, disableListenLog: true }).pipe(
  Layer.provideMerge(NodeHttpServer.layerTest),
)

const makeClient = (bearer: string) => makeRelayClient({ baseUrl: "", token: bearer })

const account = { params: { accountId: known }, payload: { apiKey: "key", apiSecret: "secret" } }
const wait = { accountId: known, jobIds: ["job_1"] as const, callbackUrl: "https://hooks.example/1" }

describe("the relay's contract", () => {
  layer(served, { excludeTestServices: true })("over HTTP", (it) => {
    it.effect("carries every call of the typed client", () =>
      Effect.gen(function* () {
        const { accounts, waits } = yield* makeClient(token)
        yield* accounts.register(account)
        const params = { waitId: "wait_1" }
        assert.deepStrictEqual(yield* waits.register({ payload: wait }), stored)
        const generation = { model: "model_1", inputs: { prompt: "a red house" }, allowUnknownInputs: true }
        const { jobIds, ...callback } = wait
        assert.lengthOf(jobIds, 1)
        const submitted = yield* waits.submit({
          payload: { ...callback, generation, idempotencyKey: "order-1", maxCost: 10 },
        })
        assert.strictEqual(submitted.state, "submitting")
        assert.lengthOf((yield* waits.list({ query: { pageSize: 1 } })).waits, 1)
        assert.deepStrictEqual((yield* waits.get({ params })).attempts, [])
        assert.strictEqual((yield* waits.cancel({ params })).state, "canceled")
        assert.strictEqual((yield* waits.redeliver({ params })).kind, "redelivery")
        yield* accounts.remove({ params: { accountId: known } })
      }),
    )

    it.effect("fails with tagged errors, and rejects an unknown token", () =>
      Effect.gen(function* () {
        const client = yield* makeClient(token)
        const refused = { ...account, payload: { apiKey: "key", apiSecret: "wrong" } }
        assert.instanceOf(yield* Effect.flip(client.accounts.register(refused)), AccountRefused)
        const unknown = { payload: { ...wait, accountId: "account-2" } }
        assert.instanceOf(yield* Effect.flip(client.waits.register(unknown)), UnknownAccount)
        const unauthorized = yield* makeClient("another token")
        assert.instanceOf(yield* Effect.flip(unauthorized.accounts.register(account)), NotAuthorized)
      }),
    )

    it.effect("rejects invalid fields with a 400 that names them", () =>
      Effect.gen(function* () {
        const http = yield* HttpClient.HttpClient
        const post = (payload: object) =>
          http.execute(
            HttpClientRequest.post("/v1/waits").pipe(
              HttpClientRequest.bearerToken(token),
              HttpClientRequest.bodyJsonUnsafe(payload),
            ),
          )
        for (const [path, wrong] of [
          ["jobIds", { jobIds: ["../jobs"] }],
          ["jobIds", { jobIds: [] }],
          ["callbackUrl", { callbackUrl: "file:///etc/passwd" }],
          ["accountId", { accountId: "a b" }],
        ] as const) {
          const response = yield* post({ ...wait, ...wrong })
          assert.strictEqual(response.status, 400)
          assert.include(yield* response.text, path)
        }
        assert.strictEqual((yield* post(wait)).status, 200)
      }),
    )

    it.effect("is described as OpenAPI", () =>
      Effect.gen(function* () {
        const document = yield* Effect.flatMap(HttpClient.get("/openapi.json"), ({ json }) => json)
        const paths = Object.keys(Object(Reflect.get(Object(document), "paths")))
        assert.includeMembers(paths, ["/v1/waits", "/v1/generations", "/v1/waits/{waitId}/redeliver"])
      }),
    )

    it.effect("describes a callback by Standard Webhooks", () =>
      Effect.gen(function* () {
        const headers = {
          "webhook-id": "wait_1",
          "webhook-timestamp": "1795522820",
          "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1,b2xk",
        }
        const jobs = [{ jobId: "job_1", status: "success", assetIds: ["asset_1"] }]
        const data = { waitId: "wait_1", accountId: known, jobs }
        const body = { type: "wait.succeeded" as const, timestamp: "2026-11-24T12:20:20Z", data }
        assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(CallbackHeaders)(headers), headers)
        assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Callback)(body), body)
        yield* Effect.flip(Schema.decodeUnknownEffect(Callback)({ ...body, type: "wait.paused" }))
      }),
    )
  })
})
