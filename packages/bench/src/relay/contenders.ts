import { PgClient } from "@effect/sql-pg"
import { type LocalPostgres, startLocalPostgres } from "@scenario-automation/relay"
import { Effect, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { accountIds, type Outside, type PlannedWait } from "./Outside.ts"
import { findFreePort, pgBossMain, type Program, relayMain, startProgram } from "./Programs.ts"

/** What the database keeps of all waits so far. */
interface Stored {
  readonly rows: number
  readonly bytes: number
}

/** A program that waits for jobs, in one or several processes on one database. */
export interface Contender extends AsyncDisposable {
  readonly size: number
  readonly start: () => Promise<Program>
  /** After the first process has started. */
  readonly prepare: (program: Program) => Promise<void>
  readonly toRequest: (wait: PlannedWait) => { readonly path: string; readonly body: string }
  readonly headers: Readonly<Record<string, string>>
  /** A file can only be read while no process has it. */
  readonly mustStopToRead: boolean
  readonly readStored: () => Promise<Stored>
}

const token = randomBytes(18).toString("base64url")
const signingSecret = `whsec_${randomBytes(32).toString("base64")}`
const encryptionKey = randomBytes(32).toString("base64")

const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }

const relay = (apiUrl: string, database: string) => ({
  start: async () =>
    startProgram(relayMain, {
      RELAY_PORT: "0",
      RELAY_DATABASE: database,
      RELAY_RUNNER_PORT: String(await findFreePort()),
      RELAY_TOKENS: token,
      RELAY_SIGNING_SECRETS: signingSecret,
      RELAY_ENCRYPTION_KEYS: encryptionKey,
      RELAY_ALLOWED_HOSTS: "127.0.0.1",
      RELAY_REGISTER_ACCOUNTS: "true",
      SCENARIO_BASE_URL: apiUrl,
    }),
  prepare: async ({ url }: Program) => {
    for (const accountId of accountIds) {
      const response = await fetch(`${url}/v1/accounts/${accountId}`, {
        method: "PUT",
        headers,
        body: JSON.stringify({ apiKey: accountId, apiSecret: "secret" }),
      })
      if (!response.ok) throw new Error(`the relay refused an account: ${await response.text()}`)
    }
  },
  toRequest: ({ accountId, jobId, callbackUrl }: PlannedWait) => ({
    path: "/v1/waits",
    body: JSON.stringify({ accountId, jobIds: [jobId], callbackUrl }),
  }),
  headers,
})

export const embeddedRelay = ({ apiUrl }: Outside): Contender => {
  const folder = mkdtempSync(join(tmpdir(), "bench-relay-"))
  const file = join(folder, "relay.sqlite")
  return {
    ...relay(apiUrl, file),
    size: 1,
    mustStopToRead: true,
    readStored: async () => {
      const database = new DatabaseSync(file)
      const read = (sql: string) => Number(database.prepare(sql).get()?.["value"])
      const stored = {
        rows: read(
          "SELECT (SELECT COUNT(*) FROM relay_waits) + (SELECT COUNT(*) FROM relay_attempts) AS value",
        ),
        bytes: read("SELECT page_count * page_size AS value FROM pragma_page_count(), pragma_page_size()"),
      }
      database.close()
      return stored
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Three processes on a new database; a sentence if this machine can't run PostgreSQL. */
export const clusteredRelay = async ({ apiUrl }: Outside): Promise<Contender | string> => {
  const postgres = await startLocalPostgres()
  if (typeof postgres === "string") return postgres
  return {
    ...relay(apiUrl, postgres.url),
    ...onPostgres(
      postgres,
      "SELECT (SELECT COUNT(*) FROM relay_waits) + (SELECT COUNT(*) FROM relay_attempts) AS value",
      "c.relname IN ('relay_waits', 'relay_attempts')",
    ),
  }
}

export const pgBoss = async ({ apiUrl }: Outside): Promise<Contender | string> => {
  const postgres = await startLocalPostgres()
  if (typeof postgres === "string") return postgres
  return {
    start: () => startProgram(pgBossMain, { DATABASE_URL: postgres.url, API_URL: apiUrl }),
    prepare: () => Promise.resolve(),
    toRequest: ({ accountId, jobId, callbackUrl }) => ({
      path: "/",
      body: JSON.stringify({ apiKey: accountId, jobId, callbackUrl }),
    }),
    headers: { "content-type": "application/json" },
    ...onPostgres(
      postgres,
      "SELECT COUNT(*) AS value FROM pgboss.job",
      "n.nspname = 'pgboss' AND c.relname LIKE 'j%'",
    ),
  }
}

/** `rows` and `tables` are SQL: a count, and a condition for `pg_class c`, `pg_namespace n`. */
const onPostgres = (postgres: LocalPostgres, rows: string, tables: string) => ({
  size: 3,
  mustStopToRead: false,
  readStored: () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const sql = yield* PgClient.PgClient
        const read = (text: string) =>
          Effect.map(sql.unsafe<{ readonly value: string }>(text), ([row]) => Number(row?.value ?? 0))
        const bytes = `SELECT SUM(pg_total_relation_size(c.oid)) AS value FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND ${tables}`
        return { rows: yield* read(rows), bytes: yield* read(bytes) }
      }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(postgres.url) }))),
    ),
  [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
})
