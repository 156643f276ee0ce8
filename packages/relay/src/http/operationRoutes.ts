import { Effect, Layer, Metric } from "effect"
import { HttpRouter, type HttpServerRequest, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import { matchesToken } from "../secrets/tokens.ts"
import { RelaySettings } from "../settings/RelaySettings.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { Owners } from "../watch/Owners.ts"

const storedWaits = Metric.gauge("relay_waits", { description: "Stored waits, by state" })
const followedWaits = Metric.gauge("relay_followed_waits", { description: "Waits that this process follows" })

/** Whether the request carries the admin token, as a bearer or as the password of Basic. */
export const isAdmin = (
  request: HttpServerRequest.HttpServerRequest,
  hashes: ReadonlyArray<string>,
): boolean => {
  const [scheme = "", credential = ""] = (request.headers["authorization"] ?? "").split(" ")
  if (scheme.toLowerCase() === "bearer") return matchesToken(credential, hashes)
  if (scheme.toLowerCase() !== "basic") return false
  const [, password = ""] = /^[^:]*:(.*)$/.exec(Buffer.from(credential, "base64").toString("utf8")) ?? []
  return matchesToken(password, hashes)
}

const text = (body: string, status = 200) => HttpServerResponse.text(body, { status })

/** `/healthz`: the process runs. `/readyz`: it can take waits. `/metrics`: for Prometheus, behind the admin token. */
export const operationRoutes = Layer.mergeAll(
  HttpRouter.add("GET", "/healthz", text("ok\n")),
  HttpRouter.add(
    "GET",
    "/readyz",
    Effect.gen(function* () {
      const store = yield* WaitStore
      const owners = yield* Owners
      const isReachable = yield* store.countByState.pipe(
        Effect.timeout("2 seconds"),
        Effect.as(true),
        Effect.catch(() => Effect.succeed(false)),
      )
      if (!isReachable) return text("the database is unavailable\n", 503)
      return (yield* owners.isReady) ? text("ok\n") : text("not in the cluster yet\n", 503)
    }),
  ),
  HttpRouter.add("GET", "/metrics", (request) =>
    Effect.gen(function* () {
      const { adminTokenHashes } = yield* RelaySettings
      if (!isAdmin(request, adminTokenHashes)) return text("the admin token is missing\n", 401)
      const counts = yield* Effect.orElseSucceed((yield* WaitStore).countByState, () => ({}))
      for (const [state, count] of Object.entries(counts))
        yield* Metric.update(Metric.withAttributes(storedWaits, { state }), count)
      const sizes = yield* (yield* Owners).getSizes
      yield* Metric.update(
        followedWaits,
        [...sizes.values()].reduce((sum, size) => sum + size, 0),
      )
      return HttpServerResponse.text(yield* PrometheusMetrics.format(), {
        contentType: "text/plain; version=0.0.4",
      })
    }),
  ),
)
