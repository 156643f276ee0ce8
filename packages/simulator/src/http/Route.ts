import type { ApiResponse, Exchange } from "./Exchange.ts"
import { refuse } from "./Refusal.ts"

/** What a query parameter takes: any text, a number, or one of several words. */
type QueryRule = "text" | "number" | ReadonlyArray<string>

export type QueryRules = Readonly<Record<string, QueryRule>>

export type Handle = (
  exchange: Exchange,
  parameters: Readonly<Record<string, string>>,
) => ApiResponse | Promise<ApiResponse>

export interface Route {
  readonly method: string
  /** Below `/v1`. `:name` matches any part. */
  readonly pattern: string
  readonly query: QueryRules
  readonly handle: Handle
}

/** Accepted by every endpoint, as documented. Newer than the contract. */
const everywhere: QueryRules = { projectId: "text", teamId: "text", originalAssets: ["true", "false"] }

/** The parameters of a submit: a dry run, and IP detection, which is charged on a dry run too. */
export const submitQuery: QueryRules = { dryRun: ["true", "false", "api"], ipDetection: ["true", "false"] }

export const pages: QueryRules = { pageSize: "number", paginationToken: "text" }

export const sorting: QueryRules = {
  sortBy: ["createdAt", "updatedAt"],
  sortDirection: ["asc", "desc"],
  createdAfter: "text",
  createdBefore: "text",
  updatedAfter: "text",
  updatedBefore: "text",
}

const route =
  (method: string) =>
  (pattern: string, handle: Handle, query: QueryRules = {}): Route => ({ method, pattern, query, handle })

export const get = route("GET")
export const post = route("POST")
export const put = route("PUT")
export const remove = route("DELETE")

interface Match {
  readonly route: Route
  readonly parameters: Readonly<Record<string, string>>
}

/** The first route that matches. Routes with literal parts must be listed before those with `:name`. */
export const findRoute = (routes: ReadonlyArray<Route>, method: string, path: string): Match | undefined => {
  const parts = path.split("/")
  for (const candidate of routes) {
    if (candidate.method !== method) continue
    const parameters = matchParts(candidate.pattern.split("/"), parts)
    if (parameters !== undefined) return { route: candidate, parameters }
  }
  return undefined
}

const matchParts = (
  pattern: ReadonlyArray<string>,
  parts: ReadonlyArray<string>,
): Record<string, string> | undefined => {
  if (pattern.length !== parts.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? ""
    if (expected.startsWith(":")) {
      if (part === "") return undefined
      parameters[expected.slice(1)] = decodeURIComponent(part)
    } else if (part !== expected) return undefined
  }
  return parameters
}

/** Refuses wrong values, and reports unknown parameters as violations. */
export const checkQuery = (exchange: Exchange, rules: QueryRules): void => {
  const known: QueryRules = { ...everywhere, ...rules }
  for (const [name, value] of exchange.query) {
    const rule = Object.hasOwn(known, name) ? known[name] : undefined
    if (rule === undefined) {
      exchange.addViolation(`query parameter "${name}" is unknown here`)
    } else if (rule === "number" && !/^\d+$/.test(value)) {
      exchange.addViolation(`query parameter "${name}" must be a number`)
      throw refuse(400, `"${name}" must be a number`)
    } else if (typeof rule !== "string" && !rule.includes(value)) {
      exchange.addViolation(`query parameter "${name}" must be one of ${rule.join(", ")}`)
      throw refuse(400, `"${name}" must be one of [${rule.join(", ")}]`)
    }
  }
  const projectId = exchange.query.get("projectId")
  if (projectId !== null && projectId !== exchange.world.settings.projectId) {
    throw refuse(403, `You don't have access to project ${projectId}`)
  }
}
