import { timingSafeEqual } from "node:crypto"
import type { World } from "../world/World.ts"
import { refuseAtGateway, refuse, type Refusal } from "./Refusal.ts"

/** Classifies the Authorization header, so that its value isn't stored. */
export const classifyAuthorization = (
  world: World,
  header: string | undefined,
): "none" | "valid" | "invalid" => {
  if (header === undefined) return "none"
  const { apiKey, apiSecret } = world.settings
  const expected = Buffer.from(`Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`)
  const given = Buffer.from(header)
  return given.length === expected.length && timingSafeEqual(given, expected) ? "valid" : "invalid"
}

/** 401 without credentials, 403 with wrong ones, as the API gateway responds. */
export const getAuthorizationRefusal = (authorization: "none" | "valid" | "invalid"): Refusal | undefined => {
  if (authorization === "none") return refuseAtGateway(401, "Unauthorized")
  if (authorization === "invalid")
    return refuseAtGateway(403, "User is not authorized to access this resource")
  return undefined
}

const windowMs = 60_000

/** Limits the requests in any minute of simulated time. Refused requests don't count. */
export const getRateRefusal = (world: World): Refusal | undefined => {
  const limit = world.settings.requestsPerMinute
  if (limit === undefined) return undefined
  const now = world.clock.now()
  while ((world.admittedAt[0] ?? now) <= now - windowMs) world.admittedAt.shift()
  if (world.admittedAt.length >= limit)
    return refuse(429, `Too many requests: the limit is ${limit} a minute`)
  world.admittedAt.push(now)
  return undefined
}
