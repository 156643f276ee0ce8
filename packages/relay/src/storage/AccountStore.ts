import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { GroupCommit } from "./GroupCommit.ts"
import type { Row } from "./waitRow.ts"

/** An account that a client has registered. */
export interface StoredAccount {
  readonly clientId: string
  readonly accountId: string
  readonly ownerKey: string
  readonly credentialsSealed: string
}

type Stored<A> = Effect.Effect<A, SqlError.SqlError>

export class AccountStore extends Context.Service<
  AccountStore,
  {
    put(account: StoredAccount, at: number): Stored<void>
    find(clientId: string, accountId: string): Stored<StoredAccount | undefined>
    findByOwner(ownerKey: string): Stored<StoredAccount | undefined>
    noteUse(clientId: string, accountId: string, at: number): Stored<void>
    remove(clientId: string, accountId: string): Stored<void>
    /** Those whose credentials weren't sealed with the current key. */
    listSealedOtherwise(currentPrefix: string): Stored<ReadonlyArray<StoredAccount>>
    /** Deletes the accounts that weren't used since and have no active wait. */
    removeUnused(since: number): Stored<number>
  }
>()("@scenario-automation/relay/AccountStore") {
  static readonly layer: Layer.Layer<AccountStore, never, SqlClient.SqlClient | GroupCommit> = Layer.effect(
    AccountStore,
    Effect.suspend(() => make),
  )
}

const fromRow = (row: Row): StoredAccount => ({
  clientId: String(row["client_id"]),
  accountId: String(row["account_id"]),
  ownerKey: String(row["owner_key"]),
  credentialsSealed: String(row["credentials_sealed"]),
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const { writeOne } = yield* GroupCommit
  const first = (rows: ReadonlyArray<Row>) => rows.map(fromRow)[0]

  return AccountStore.of({
    put: ({ clientId, accountId, ownerKey, credentialsSealed }, at) =>
      Effect.asVoid(
        writeOne(
          sql`INSERT INTO relay_accounts ${sql.insert({
            client_id: clientId,
            account_id: accountId,
            owner_key: ownerKey,
            credentials_sealed: credentialsSealed,
            created_at: at,
            last_used_at: at,
          })} ON CONFLICT (client_id, account_id)
            DO UPDATE SET owner_key = ${ownerKey}, credentials_sealed = ${credentialsSealed}, last_used_at = ${at}`,
        ),
      ),
    find: (clientId, accountId) =>
      Effect.map(
        sql<Row>`SELECT * FROM relay_accounts WHERE client_id = ${clientId} AND account_id = ${accountId}`,
        first,
      ),
    findByOwner: (ownerKey) =>
      Effect.map(sql<Row>`SELECT * FROM relay_accounts WHERE owner_key = ${ownerKey} LIMIT 1`, first),
    noteUse: (clientId, accountId, at) =>
      Effect.asVoid(
        writeOne(
          sql`UPDATE relay_accounts SET last_used_at = ${at} WHERE client_id = ${clientId}
            AND account_id = ${accountId}`,
        ),
      ),
    remove: (clientId, accountId) =>
      Effect.asVoid(
        writeOne(sql`DELETE FROM relay_accounts WHERE client_id = ${clientId} AND account_id = ${accountId}`),
      ),
    listSealedOtherwise: (currentPrefix) =>
      Effect.map(
        sql<Row>`SELECT * FROM relay_accounts WHERE credentials_sealed NOT LIKE ${`${currentPrefix}%`}`,
        (rows) => rows.map(fromRow),
      ),
    removeUnused: (since) =>
      Effect.map(
        writeOne(
          sql<Row>`DELETE FROM relay_accounts WHERE last_used_at < ${since} AND NOT EXISTS (
            SELECT 1 FROM relay_waits WHERE relay_waits.client_id = relay_accounts.client_id
              AND relay_waits.account_id = relay_accounts.account_id
              AND state IN ('submitting', 'waiting', 'delivering')) RETURNING account_id`,
        ),
        (rows) => rows.length,
      ),
  })
})
