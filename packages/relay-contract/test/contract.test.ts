import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpRouter } from "effect/http"
import { HttpApiBuilder, HttpApiClient } from "effect/http-api"
import {
  AccountRefused,
  Callback,
  CallbackHeaders,
  NotAuthorized,
  RelayApi,
  RelayToken,
  UnknownAccount,
} from "../src/index.ts"

const token = "a-token-of-no-value"
const known = "account-0000000001"

/** A relay that knows the contract and one account. */
const relay = HttpApiBuilder.layer(RelayApi).pipe(
  Layer.provide([
    HttpApiBuilder.group(RelayApi, "accounts", (handlers) =>
      handlers.handle("register", ({ payload }) =>
        payload.apiSecret === "wrong" ? Effect.fail(new AccountRefused({ reason: "401" })) : Effect.void,
      ),
    ),
    HttpApiBuilder.group(RelayApi, "waits", (handlers) =>
      handlers.handle("register", ({ payload: { accountId, jobId } }) =>
        accountId === known
          ? Effect.succeed({ waitId: "wait_1", jobId, expiresAt: "2026-11-25T12:00:00Z" })
          : Effect.fail(new UnknownAccount({ accountId })),
      ),
    ),
  ]),
  Layer.provide(
    Layer.succeed(RelayToken, {
      bearer: (answer, { credential }) =>
        Redacted.value(credential) === token ? answer : Effect.fail(new NotAuthorized({})),
    }),
  ),
)

const served = HttpRouter.serve(relay, { disableLogger: true, disableListenLog: true }).pipe(
  Layer.provideMerge(NodeHttpServer.layerTest),
)

const clientWith = (bearer: string) =>
  HttpApiClient.make(RelayApi, {
    transformClient: HttpClient.mapRequest(HttpClientRequest.bearerToken(bearer)),
  })

const account = { params: { accountId: known }, payload: { apiKey: "key", apiSecret: "secret" } }
const wait = { accountId: known, jobId: "job_1", callbackUrl: "https://hooks.example/1" }

describe("the relay's contract", () => {
  layer(served, { excludeTestServices: true })("over HTTP", (it) => {
    it.effect("registers an account, and a wait for one of its jobs", () =>
      Effect.gen(function* () {
        const client = yield* clientWith(token)
        yield* client.accounts.register(account)
        const given = yield* client.waits.register({ payload: wait })
        assert.deepStrictEqual(given, { waitId: "wait_1", jobId: "job_1", expiresAt: "2026-11-25T12:00:00Z" })
      }),
    )

    it.effect("fails with tagged errors, and rejects an unknown token", () =>
      Effect.gen(function* () {
        const client = yield* clientWith(token)
        const refused = { ...account, payload: { apiKey: "key", apiSecret: "wrong" } }
        assert.instanceOf(yield* Effect.flip(client.accounts.register(refused)), AccountRefused)
        const unknown = { payload: { ...wait, accountId: "account-0000000002" } }
        assert.instanceOf(yield* Effect.flip(client.waits.register(unknown)), UnknownAccount)
        const stranger = yield* clientWith("another token")
        assert.instanceOf(yield* Effect.flip(stranger.accounts.register(account)), NotAuthorized)
      }),
    )

    it.effect("rejects invalid IDs and callback URLs with a 400", () =>
      Effect.gen(function* () {
        const http = yield* HttpClient.HttpClient
        const post = (payload: object) =>
          http.execute(
            HttpClientRequest.post("/v1/waits").pipe(
              HttpClientRequest.bearerToken(token),
              HttpClientRequest.bodyJsonUnsafe(payload),
            ),
          )
        for (const wrong of [
          { jobId: "../jobs" },
          { callbackUrl: "file:///etc/passwd" },
          { accountId: "x" },
        ]) {
          assert.strictEqual((yield* post({ ...wait, ...wrong })).status, 400)
        }
        assert.strictEqual((yield* post(wait)).status, 200)
      }),
    )

    it.effect("describes a callback by Standard Webhooks", () =>
      Effect.gen(function* () {
        const headers = {
          "webhook-id": "wait_1",
          "webhook-timestamp": "1795522820",
          "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1,b2xk",
        }
        const data = { waitId: "wait_1", jobId: "job_1", status: "success", assetIds: ["asset_1"] }
        const body = { type: "job.succeeded" as const, timestamp: "2026-11-24T12:20:20Z", data }
        assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(CallbackHeaders)(headers), headers)
        assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Callback)(body), body)
        yield* Effect.flip(Schema.decodeUnknownEffect(Callback)({ ...body, type: "job.paused" }))
      }),
    )
  })
})
