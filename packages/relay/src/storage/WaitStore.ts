import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { GroupCommit } from "./GroupCommit.ts"
import { activeStates } from "./migrations.ts"
import type { DeliveryStep, LoggedAttempt, StoredJob, StoredWait, WaitEnd, WaitFilter } from "./StoredWait.ts"
import { fromRow, readAttempt, type Row, toRow } from "./waitRow.ts"

type Stored<A> = Effect.Effect<A, SqlError.SqlError>

/**
 * The waits. Every change names the state that it starts from, so a runner that has lost an account without noticing changes
 * nothing: such a change returns false.
 */
export class WaitStore extends Context.Service<
  WaitStore,
  {
    /** Stores a wait unless its ID exists, and returns the stored one. */
    insert(wait: StoredWait): Stored<StoredWait>
    get(waitId: string): Stored<StoredWait | undefined>
    listByIds(waitIds: ReadonlyArray<string>): Stored<ReadonlyArray<StoredWait>>
    /** The wait if it exists, and whether the receiver refuses the callback URL: one query, for each registration. */
    findBefore(wait: Pick<StoredWait, "waitId" | "clientId" | "callbackHash">): Stored<{
      readonly existing: StoredWait | undefined
      readonly isDisabled: boolean
    }>
    list(filter: WaitFilter): Stored<ReadonlyArray<StoredWait>>
    listActive(ownerKey: string, afterWaitId: string, limit: number): Stored<ReadonlyArray<StoredWait>>
    /** The owners that have something to do. */
    listOwners: Stored<ReadonlyArray<string>>
    /** The active waits that were created since. */
    listNew(since: number): Stored<ReadonlyArray<{ readonly waitId: string; readonly ownerKey: string }>>
    countActive(clientId: string): Stored<number>
    countByState: Stored<Readonly<Record<string, number>>>
    /** Stores what is about to be submitted. Only one process can: it may submit. */
    storeIntent(wait: StoredWait, intentSealed: string): Stored<boolean>
    storeSubmitted(wait: StoredWait, jobs: ReadonlyArray<StoredJob>): Stored<boolean>
    end(wait: StoredWait, end: WaitEnd): Stored<boolean>
    recordAttempt(wait: StoredWait, attempt: LoggedAttempt, step: DeliveryStep): Stored<boolean>
    /** Logs a redelivery. One that was accepted makes a dead wait a delivered one. */
    recordRedelivery(wait: StoredWait, attempt: LoggedAttempt, isAccepted: boolean): Stored<void>
    cancel(waitId: string, endedAt: number): Stored<boolean>
    cancelAccount(clientId: string, accountId: string, endedAt: number): Stored<void>
    moveToOwner(clientId: string, accountId: string, ownerKey: string): Stored<void>
    listAttempts(waitId: string): Stored<ReadonlyArray<LoggedAttempt>>
    disableCallback(wait: StoredWait, at: number): Stored<void>
    isCallbackDisabled(clientId: string, callbackHash: string): Stored<boolean>
    /** Waits, in the order of their IDs, that hold something that wasn't sealed with the current key. */
    listSealedOtherwise(
      currentPrefix: string,
      afterWaitId: string,
      limit: number,
    ): Stored<ReadonlyArray<StoredWait>>
    /** Replaces what is still stored as it was read, in one transaction. */
    replaceSealed(replacements: ReadonlyArray<SealedReplacement>): Stored<void>
    /** Deletes what receivers have said before this time. */
    removeDisabledCallbacks(before: number): Stored<number>
    /** Deletes ended waits and their attempts; returns how many waits. Safe while runners run. */
    removeEnded(before: number, limit: number): Stored<number>
  }
>()("@scenario-automation/relay/WaitStore") {
  static readonly layer: Layer.Layer<WaitStore, never, SqlClient.SqlClient | GroupCommit> = Layer.effect(
    WaitStore,
    Effect.suspend(() => make),
  )
}

export interface SealedReplacement {
  readonly waitId: string
  readonly column: "callback_sealed" | "generation_sealed" | "intent_sealed"
  readonly before: string
  readonly after: string
}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const { write, writeOne } = yield* GroupCommit
  const isActive = sql.in("state", activeStates)
  const isUnended = sql.in("state", ["submitting", "waiting"])

  const hasRow = (rows: ReadonlyArray<Row>): boolean => rows.length > 0
  const insertAttempt = (waitId: string, attempt: LoggedAttempt) =>
    sql`INSERT INTO relay_attempts ${sql.insert({
      wait_id: waitId,
      at: attempt.at,
      kind: attempt.kind,
      status: attempt.status ?? null,
      latency_ms: Math.round(attempt.latencyMs),
      error: attempt.error ?? null,
    })}`

  return WaitStore.of({
    insert: Effect.fnUntraced(function* (wait) {
      const inserted = yield* writeOne(
        sql<Row>`INSERT INTO relay_waits ${sql.insert(toRow(wait))}
          ON CONFLICT (wait_id) DO NOTHING RETURNING wait_id`,
      )
      if (hasRow(inserted)) return wait
      const rows = yield* sql<Row>`SELECT * FROM relay_waits WHERE wait_id = ${wait.waitId}`
      return rows.map(fromRow)[0] ?? wait
    }),

    listByIds: (waitIds) =>
      waitIds.length === 0
        ? Effect.succeed([])
        : Effect.map(sql<Row>`SELECT * FROM relay_waits WHERE ${sql.in("wait_id", waitIds)}`, (rows) =>
            rows.map(fromRow),
          ),

    findBefore: ({ waitId, clientId, callbackHash }) =>
      Effect.map(
        sql<Row>`SELECT relay_waits.*, disabled_at FROM (SELECT 1 AS one) AS always
          LEFT JOIN relay_waits ON wait_id = ${waitId}
          LEFT JOIN relay_disabled_callbacks AS disabled
            ON disabled.client_id = ${clientId} AND disabled.callback_hash = ${callbackHash}`,
        ([row]) => ({
          existing: row === undefined || row["wait_id"] === null ? undefined : fromRow(row),
          isDisabled: row !== undefined && row["disabled_at"] !== null,
        }),
      ),

    get: (waitId) =>
      Effect.map(
        sql<Row>`SELECT * FROM relay_waits WHERE wait_id = ${waitId}`,
        (rows) => rows.map(fromRow)[0],
      ),

    list: ({ clientId, accountId, state, createdAfter, createdBefore, before, limit }) => {
      const conditions = [
        ...(clientId === undefined ? [] : [sql`client_id = ${clientId}`]),
        ...(accountId === undefined ? [] : [sql`account_id = ${accountId}`]),
        ...(state === undefined ? [] : [sql`state = ${state}`]),
        ...(createdAfter === undefined ? [] : [sql`created_at >= ${createdAfter}`]),
        ...(createdBefore === undefined ? [] : [sql`created_at < ${createdBefore}`]),
        ...(before === undefined
          ? []
          : [sql`(created_at, wait_id) < (${before.createdAt}, ${before.waitId})`]),
      ]
      const where = conditions.length === 0 ? sql.literal("") : sql`WHERE ${sql.and(conditions)}`
      return Effect.map(
        sql<Row>`SELECT * FROM relay_waits ${where} ORDER BY created_at DESC, wait_id DESC LIMIT ${limit}`,
        (rows) => rows.map(fromRow),
      )
    },

    listActive: (ownerKey, afterWaitId, limit) =>
      Effect.map(
        sql<Row>`SELECT * FROM relay_waits WHERE owner_key = ${ownerKey} AND ${isActive} AND wait_id > ${afterWaitId}
          ORDER BY wait_id LIMIT ${limit}`,
        (rows) => rows.map(fromRow),
      ),

    listOwners: Effect.map(sql<Row>`SELECT DISTINCT owner_key FROM relay_waits WHERE ${isActive}`, (rows) =>
      rows.map((row) => String(row["owner_key"])),
    ),

    listNew: (since) =>
      Effect.map(
        sql<Row>`SELECT wait_id, owner_key FROM relay_waits WHERE ${isActive} AND created_at >= ${since}`,
        (rows) => rows.map((row) => ({ waitId: String(row["wait_id"]), ownerKey: String(row["owner_key"]) })),
      ),

    countActive: (clientId) =>
      Effect.map(
        sql<Row>`SELECT COUNT(*) AS count FROM relay_waits WHERE client_id = ${clientId} AND ${isActive}`,
        (rows) => Number(rows[0]?.["count"] ?? 0),
      ),

    countByState: Effect.map(
      sql<Row>`SELECT state, COUNT(*) AS count FROM relay_waits GROUP BY state`,
      (rows) => Object.fromEntries(rows.map((row) => [String(row["state"]), Number(row["count"])])),
    ),

    storeIntent: (wait, intentSealed) =>
      writeOne(
        Effect.map(
          sql<Row>`UPDATE relay_waits SET intent_sealed = ${intentSealed} WHERE wait_id = ${wait.waitId}
            AND state = 'submitting' AND owner_key = ${wait.ownerKey} AND intent_sealed IS NULL RETURNING wait_id`,
          hasRow,
        ),
      ),

    storeSubmitted: (wait, jobs) =>
      writeOne(
        Effect.map(
          sql<Row>`UPDATE relay_waits SET state = 'waiting', jobs = ${JSON.stringify(jobs)},
            generation_sealed = NULL, intent_sealed = NULL
            WHERE wait_id = ${wait.waitId} AND state = 'submitting' RETURNING wait_id`,
          hasRow,
        ),
      ),

    end: (wait, { jobs, outcome, problem, endedAt }) =>
      writeOne(
        Effect.map(
          sql<Row>`UPDATE relay_waits SET state = 'delivering', jobs = ${JSON.stringify(jobs)}, outcome = ${outcome},
            problem = ${problem === undefined ? null : JSON.stringify(problem)}, ended_at = ${endedAt},
            next_attempt_at = ${endedAt}, generation_sealed = NULL, intent_sealed = NULL
            WHERE wait_id = ${wait.waitId} AND ${isUnended} AND owner_key = ${wait.ownerKey} RETURNING wait_id`,
          hasRow,
        ),
      ),

    recordAttempt: (wait, attempt, { state, nextAttemptAt, lastError }) =>
      write(
        Effect.gen(function* () {
          yield* insertAttempt(wait.waitId, attempt)
          const rows =
            yield* sql<Row>`UPDATE relay_waits SET state = ${state}, attempts = ${wait.attempts + 1},
            next_attempt_at = ${nextAttemptAt ?? null}, last_error = ${lastError ?? null}
            WHERE wait_id = ${wait.waitId} AND state = 'delivering' AND attempts = ${wait.attempts} RETURNING wait_id`
          return hasRow(rows)
        }),
      ),

    recordRedelivery: (wait, attempt, isAccepted) =>
      write(
        Effect.gen(function* () {
          yield* insertAttempt(wait.waitId, attempt)
          if (!isAccepted) return
          yield* sql`UPDATE relay_waits SET state = 'delivered' WHERE wait_id = ${wait.waitId} AND state = 'dead'`
        }),
      ),

    cancel: (waitId, endedAt) =>
      writeOne(
        Effect.map(
          sql<Row>`UPDATE relay_waits SET state = 'canceled', ended_at = ${endedAt}, generation_sealed = NULL,
            intent_sealed = NULL, next_attempt_at = NULL WHERE wait_id = ${waitId} AND ${isActive} RETURNING wait_id`,
          hasRow,
        ),
      ),

    cancelAccount: (clientId, accountId, endedAt) =>
      Effect.asVoid(
        writeOne(
          sql`UPDATE relay_waits SET state = 'canceled', ended_at = ${endedAt}, generation_sealed = NULL,
            intent_sealed = NULL, next_attempt_at = NULL
            WHERE client_id = ${clientId} AND account_id = ${accountId} AND ${isActive}`,
        ),
      ),

    moveToOwner: (clientId, accountId, ownerKey) =>
      Effect.asVoid(
        writeOne(
          sql`UPDATE relay_waits SET owner_key = ${ownerKey}
            WHERE client_id = ${clientId} AND account_id = ${accountId} AND ${isActive}`,
        ),
      ),

    listAttempts: (waitId) =>
      Effect.map(sql<Row>`SELECT * FROM relay_attempts WHERE wait_id = ${waitId} ORDER BY at`, (rows) =>
        rows.map(readAttempt),
      ),

    disableCallback: (wait, at) =>
      Effect.asVoid(
        writeOne(
          sql`INSERT INTO relay_disabled_callbacks ${sql.insert({
            client_id: wait.clientId,
            callback_hash: wait.callbackHash,
            disabled_at: at,
          })} ON CONFLICT (client_id, callback_hash) DO NOTHING`,
        ),
      ),

    isCallbackDisabled: (clientId, callbackHash) =>
      Effect.map(
        sql<Row>`SELECT 1 AS found FROM relay_disabled_callbacks
          WHERE client_id = ${clientId} AND callback_hash = ${callbackHash}`,
        hasRow,
      ),

    listSealedOtherwise: (currentPrefix, afterWaitId, limit) => {
      const isCurrent = `${currentPrefix}%`
      return Effect.map(
        sql<Row>`SELECT * FROM relay_waits WHERE wait_id > ${afterWaitId} AND (callback_sealed NOT LIKE ${isCurrent}
          OR generation_sealed NOT LIKE ${isCurrent} OR intent_sealed NOT LIKE ${isCurrent})
          ORDER BY wait_id LIMIT ${limit}`,
        (rows) => rows.map(fromRow),
      )
    },

    replaceSealed: (replacements) =>
      write(
        Effect.forEach(
          replacements,
          ({ waitId, column, before, after }) =>
            sql`UPDATE relay_waits SET ${sql(column)} = ${after} WHERE wait_id = ${waitId} AND ${sql(column)} = ${before}`,
          { discard: true },
        ),
      ),

    removeDisabledCallbacks: (before) =>
      Effect.map(
        writeOne(
          sql<Row>`DELETE FROM relay_disabled_callbacks WHERE disabled_at < ${before} RETURNING client_id`,
        ),
        (rows) => rows.length,
      ),

    removeEnded: (before, limit) =>
      write(
        Effect.gen(function* () {
          const rows = yield* sql<Row>`SELECT wait_id FROM relay_waits
            WHERE ended_at < ${before} AND NOT ${isActive} LIMIT ${limit}`
          const waitIds = rows.map((row) => String(row["wait_id"]))
          if (waitIds.length === 0) return 0
          yield* sql`DELETE FROM relay_attempts WHERE ${sql.in("wait_id", waitIds)}`
          yield* sql`DELETE FROM relay_waits WHERE ${sql.in("wait_id", waitIds)}`
          return waitIds.length
        }),
      ),
  })
})
