import { Clock, Effect } from "effect"
import { HttpRouter, type HttpServerRequest, HttpServerResponse } from "effect/http"
import { RequestCounts } from "../accounts/RequestCounts.ts"
import { Receivers } from "../delivery/Receivers.ts"
import { RelaySettings } from "../settings/RelaySettings.ts"
import type { StoredWait } from "../storage/StoredWait.ts"
import { WaitStore } from "../storage/WaitStore.ts"
import { Owners } from "../watch/Owners.ts"
import { isAdmin } from "./operationRoutes.ts"
import { renderStatus } from "./renderStatus.ts"
import { WaitApi } from "./WaitApi.ts"

const unauthorized = HttpServerResponse.text("the admin token is missing\n", {
  status: 401,
  headers: { "www-authenticate": 'Basic realm="Scenario relay"' },
})

const headers = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
}

const readStatus = Effect.gen(function* () {
  const store = yield* WaitStore
  const now = yield* Clock.currentTimeMillis
  const { accounts } = yield* RelaySettings
  const dead = yield* store.list({ state: "dead", limit: 20 })
  const recent = yield* store.list({ limit: 200 })
  const isFailure = ({ outcome, state }: StoredWait) =>
    state !== "dead" && outcome !== undefined && outcome !== "succeeded"
  return {
    now,
    counts: yield* store.countByState,
    followed: [...(yield* (yield* Owners).getSizes).values()].reduce((sum, size) => sum + size, 0),
    requests: [...(yield* RequestCounts).getLastMinute(now).values()],
    configuredAccounts: accounts.length,
    openBreakers: (yield* Receivers).countOpen(now),
    dead,
    retrying: recent.filter(({ state, attempts }) => state === "delivering" && attempts > 0).slice(0, 20),
    failures: recent.filter(isFailure).slice(0, 20),
  }
})

/** The operator's page, behind the admin token: a browser asks for it as a password, with any user name. */
export const statusRoutes = HttpRouter.addAll([
  HttpRouter.route("GET", "/status", (request) =>
    Effect.gen(function* () {
      const { adminTokenHashes } = yield* RelaySettings
      if (!isAdmin(request, adminTokenHashes)) return unauthorized
      const status = yield* Effect.option(readStatus)
      return status._tag === "None"
        ? HttpServerResponse.text("the database is unavailable\n", { status: 503 })
        : HttpServerResponse.html(renderStatus(status.value)).pipe(HttpServerResponse.setHeaders(headers))
    }),
  ),
  HttpRouter.route("POST", "/status/redeliver/:waitId", (request) =>
    Effect.gen(function* () {
      const { adminTokenHashes } = yield* RelaySettings
      if (!isAdmin(request, adminTokenHashes)) return unauthorized
      // A browser that another site sends here has the password too.
      if (!isSameSite(request))
        return HttpServerResponse.text("send this from the status page\n", { status: 403 })
      const { waitId = "" } = yield* HttpRouter.params
      yield* Effect.ignore((yield* WaitApi).redeliver(undefined, waitId))
      return HttpServerResponse.redirect("/status", { status: 303 })
    }),
  ),
])

const isSameSite = ({ headers }: HttpServerRequest.HttpServerRequest): boolean => {
  const site = headers["sec-fetch-site"]
  if (site !== undefined) return site === "same-origin"
  const { origin } = headers
  return origin === undefined || URL.parse(origin)?.host === headers["host"]
}
