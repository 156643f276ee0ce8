import { Effect, Layer, Semaphore, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, SqlError, Statement, type SqlConnection } from "effect/sql"
import { closeSync, openSync } from "node:fs"
import { DatabaseSync, type StatementSync } from "node:sqlite"

/**
 * SQLite by Node itself. The file is readable by its owner only; SQLite gives its side files the same mode. A commit is on the
 * disk when it returns (`synchronous = FULL`). A second process that opens the file fails, because both would deliver.
 */
const open = (file: string): DatabaseSync => {
  if (file !== ":memory:") closeSync(openSync(file, "a", 0o600))
  const database = new DatabaseSync(file)
  database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
  return database
}

const maxPrepared = 100

const makeConnection = (database: DatabaseSync): SqlConnection.Connection => {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    if (prepared.size >= maxPrepared) prepared.clear()
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const run = (sql: string, params: ReadonlyArray<unknown>) =>
    Effect.try({
      try: () => prepare(sql).all(...params.map(toSqlValue)),
      catch: (cause) =>
        new SqlError.SqlError({
          reason: SqlError.classifySqliteError(withErrno(cause), { message: "SQLite statement failed" }),
        }),
    })
  const execute: SqlConnection.Connection["execute"] = (sql, params, transform) =>
    transform === undefined ? run(sql, params) : Effect.map(run(sql, params), transform)
  const executeValues = (sql: string, params: ReadonlyArray<unknown>) =>
    Effect.map(run(sql, params), (rows) => rows.map((row) => Object.values(row)))
  return {
    execute,
    executeUnprepared: execute,
    executeRaw: run,
    executeValues,
    executeValuesUnprepared: executeValues,
    executeStream: () => Stream.die(new Error("SQLite doesn't stream here")),
  }
}

const toSqlValue = (value: unknown): string | number | bigint | null => {
  if (value === null || value === undefined) return null
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value
  if (typeof value === "boolean") return value ? 1 : 0
  throw new TypeError(`SQLite has no value for ${typeof value}`)
}

/** Effect reads `errno`, which Node calls `errcode`. */
const withErrno = (cause: unknown): unknown =>
  cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause

export const sqliteLayer = (file: string): Layer.Layer<SqlClient.SqlClient, SqlError.SqlError> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function* () {
      const database = yield* Effect.acquireRelease(
        Effect.try({
          try: () => open(file),
          catch: (cause) =>
            new SqlError.SqlError({
              reason: SqlError.classifySqliteError(withErrno(cause), { message: `${file} can't be opened` }),
            }),
        }),
        (one) => Effect.sync(() => one.close()),
      )
      return yield* SqlClient.make({
        driver: "node:sqlite",
        compiler: Statement.makeCompilerSqlite(),
        spanAttributes: [["db.system.name", "sqlite"]],
        ...SqlClient.makeSqliteAcquirers({
          connection: Effect.succeed(makeConnection(database)),
          semaphore: yield* Semaphore.make(1),
          isTransaction: () => database.isTransaction,
        }),
      })
    }),
  ).pipe(Layer.provide(Reactivity.layer))
