import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { cutPage } from "../http/cutPage.ts"
import { refuseAtGateway, refuse } from "../http/Refusal.ts"
import { get, pages, type Route } from "../http/Route.ts"

const teamId = "team_simulated0team"

const tags = (exchange: Exchange): ApiResponse => {
  const counts = new Map<string, number>()
  for (const asset of exchange.world.assets.all()) {
    for (const name of asset.tags) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const page = cutPage(
    exchange,
    [...counts].toSorted(([a], [b]) => a.localeCompare(b)),
    ([name]) => name,
    { default: 50, max: 100 },
  )
  const at = exchange.world.clock.iso()
  return ok({
    tags: page.items.map(([tagName, itemCount]) => ({
      tagName,
      itemCount,
      ownerId: exchange.world.settings.projectId,
      createdAt: at,
      updatedAt: at,
    })),
    nextPaginationToken: page.nextPaginationToken,
  })
}

const dayMs = 24 * 60 * 60 * 1000

/** Compute units per day. The API has no endpoint for a balance. */
const usages = (exchange: Exchange): ApiResponse => {
  const { world, query } = exchange
  const start = Date.parse(query.get("startDate") ?? "")
  const end = Date.parse(query.get("endDate") ?? "")
  if (end - start > 120 * dayMs) throw refuse(400, "The range must not be longer than 120 days")
  const { entries } = world.ledger.report((jobId) => world.jobs.isRefunded(jobId))
  const days = new Map<string, number>()
  for (const entry of entries) {
    const day = new Date(Math.floor(entry.at / dayMs) * dayMs).toISOString()
    days.set(day, (days.get(day) ?? 0) + (entry.refunded ? 0 : entry.price))
  }
  const user = { isApiKey: true, apiKeyStatus: "active", apiKeyId: world.settings.apiKey }
  const total = [...days.values()].reduce((sum, value) => sum + value, 0)
  return ok({
    usages: [
      {
        granularity: "1d",
        usageName: "creative-unit-cost",
        points: [...days].map(([time, value]) => ({ time, value: `${value}` })),
      },
    ],
    consumption: [{ userId: world.authorId, userData: user, value: total }],
    activity: [],
  })
}

export const accountRoutes: ReadonlyArray<Route> = [
  get("/tags", tags, pages),
  get("/usages", usages, {
    startDate: "text",
    endDate: "text",
    timeRange: "text",
    type: "text",
    userId: "text",
    userIds: "text",
    projectIds: "text",
    activityOffset: "number",
  }),
  get("/oscu/prices", () => ok({ prices: [{ creativeUnits: 1000, unitAmount: 1000, currency: "usd" }] })),
  get("/teams", () => ok({ teams: [{ id: teamId, name: "Simulated team", plan: "pro" }] })),
  get("/teams/:teamId/limits", () => ok({ limits: [] })),
  get("/projects", (exchange) =>
    ok({ projects: [{ id: exchange.world.settings.projectId, name: "Simulated project", teamId }] }),
  ),
  get("/me", () => {
    // The message of the live API.
    throw refuseAtGateway(403, "API Keys cannot access protected resources")
  }),
]
