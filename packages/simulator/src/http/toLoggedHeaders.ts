import type { IncomingHttpHeaders } from "node:http"

/** The headers without credentials. */
export const toLoggedHeaders = (headers: IncomingHttpHeaders): Record<string, string> => {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (name === "authorization" || name === "cookie" || name === "proxy-authorization") continue
    if (value !== undefined) kept[name] = Array.isArray(value) ? value.join(", ") : value
  }
  return kept
}
