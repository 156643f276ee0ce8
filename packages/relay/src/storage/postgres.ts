import { PgClient } from "@effect/sql-pg"
import type { Redacted } from "effect"

const maxConnections = 10

/** Several runners share it. One connection of each is held for its shard locks, so a pooler in transaction mode won't do. */
export const postgresLayer = (url: Redacted.Redacted) =>
  PgClient.layer({ url, maxConnections, applicationName: "scenario-relay" })
