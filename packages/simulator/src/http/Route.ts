import type { ApiResponse, Exchange } from "./Exchange.ts"
import { refuse } from "./Refusal.ts"

/** What a query parameter may be: any text, a number, or one of some words. */
type QueryRule = "text" | "number" | ReadonlyArray<string>

export type QueryRules = Readonly<Record<string, QueryRule>>

export type Handle = (
  exchange: Exchange,
  parameters: Readonly<Record<string, string>>,
) => ApiResponse | Promise<ApiResponse>

export interface Route {
  readonly method: string
  /** Below `/v1`, with `:name` for a part that varies. */
  readonly pattern: string
  readonly query: QueryRules
  readonly handle: Handle
}

/** Taken on every call: newer than the contract [DOC]. */
const everywhere: QueryRules = { projectId: "text", teamId: "text", originalAssets: ["true", "false"] }

/** The switches of a submit: only price it, and look for protected content (charged for, on a dry run too) [IA]. */
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

/** The first route that fits; a literal part wins over a varying one by its place in the list. */
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

/** Refuses wrong values, and notes names that this endpoint doesn't know. */
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
