import { Context, Deferred, Effect, Exit, Layer, Queue } from "effect"
import { SqlClient, type SqlError } from "effect/sql"

/** Runs a write, and returns how to report whether its transaction was committed. */
type Write = Effect.Effect<(committed: Exit.Exit<void, SqlError.SqlError>) => void>

/**
 * Runs writes. In SQLite each commit waits for the disk, so writes that arrive together share a transaction: a write has
 * returned when it is durable. PostgreSQL groups commits by itself.
 */
export class GroupCommit extends Context.Service<
  GroupCommit,
  {
    /** For several statements. */
    readonly write: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E | SqlError.SqlError>
    /** For one statement, which needs no transaction of its own in PostgreSQL. */
    readonly writeOne: <A, E>(statement: Effect.Effect<A, E>) => Effect.Effect<A, E | SqlError.SqlError>
  }
>()("@scenario-automation/relay/GroupCommit") {
  static readonly shared: Layer.Layer<GroupCommit, never, SqlClient.SqlClient> = Layer.effect(
    GroupCommit,
    Effect.suspend(() => makeShared),
  )
  /** Each write by itself. */
  static readonly separate: Layer.Layer<GroupCommit, never, SqlClient.SqlClient> = Layer.effect(
    GroupCommit,
    Effect.map(SqlClient.SqlClient, (sql) =>
      GroupCommit.of({ write: (effect) => sql.withTransaction(effect), writeOne: (statement) => statement }),
    ),
  )
}

const makeShared = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const queue = yield* Queue.unbounded<Write>()

  const commit = Effect.gen(function* () {
    const writes = yield* Queue.takeAll(queue)
    const reports: Array<(committed: Exit.Exit<void, SqlError.SqlError>) => void> = []
    const all = Effect.forEach(writes, (run) => Effect.map(run, (report) => reports.push(report)), {
      discard: true,
    })
    const committed = yield* Effect.exit(sql.withTransaction(all))
    for (const report of reports) report(committed)
  })
  yield* Effect.forkScoped(Effect.forever(commit))

  const write = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E | SqlError.SqlError> =>
    Effect.suspend(() => {
      const result = Deferred.makeUnsafe<A, E | SqlError.SqlError>()
      const run = Effect.map(
        Effect.exit(effect),
        (exit) => (committed: Exit.Exit<void, SqlError.SqlError>) => {
          const isLost = Exit.isSuccess(exit) && Exit.isFailure(committed)
          Deferred.doneUnsafe(result, isLost ? Exit.failCause(committed.cause) : exit)
        },
      )
      return Effect.andThen(Queue.offer(queue, run), Deferred.await(result))
    })
  return GroupCommit.of({ write, writeOne: write })
})
