import { Effect } from "effect"
import { Migrator, SqlClient } from "effect/sql"

/** Waits that something still has to be done for. */
export const activeStates = ["submitting", "waiting", "delivering"] as const

const isActive = `state IN ('submitting', 'waiting', 'delivering')`

/** Times are milliseconds since 1970. Columns that end in `_sealed` are encrypted. */
const createTables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE relay_accounts (
    client_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    credentials_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, account_id)
  )`
  yield* sql`CREATE INDEX relay_accounts_owner ON relay_accounts (owner_key)`
  yield* sql`CREATE TABLE relay_waits (
    wait_id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    state TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    callback_sealed TEXT NOT NULL,
    callback_hash TEXT NOT NULL,
    options TEXT NOT NULL,
    generation_sealed TEXT,
    intent_sealed TEXT,
    jobs TEXT NOT NULL,
    outcome TEXT,
    problem TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    attempts INTEGER NOT NULL,
    next_attempt_at BIGINT,
    last_error TEXT
  )`
  yield* sql`CREATE INDEX relay_waits_active ON relay_waits (owner_key, wait_id) WHERE ${sql.literal(isActive)}`
  yield* sql`CREATE INDEX relay_waits_client ON relay_waits (client_id, created_at, wait_id)`
  yield* sql`CREATE INDEX relay_waits_ended ON relay_waits (ended_at) WHERE ended_at IS NOT NULL`
  yield* sql`CREATE TABLE relay_attempts (
    wait_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    status INTEGER,
    latency_ms INTEGER NOT NULL,
    error TEXT
  )`
  yield* sql`CREATE INDEX relay_attempts_wait ON relay_attempts (wait_id, at)`
  yield* sql`CREATE TABLE relay_disabled_callbacks (
    client_id TEXT NOT NULL,
    callback_hash TEXT NOT NULL,
    disabled_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, callback_hash)
  )`
})

/** Creates or updates the tables. Several runners may start at once: one migrates, the others wait for it. */
export const migrate = Migrator.make({})({
  loader: Migrator.fromRecord({ "1_create_tables": createTables }),
  table: "relay_migrations",
}).pipe(
  Effect.retry({
    times: 50,
    while: (error) => error._tag === "MigrationError" && error.kind === "Locked",
  }),
)
