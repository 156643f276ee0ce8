import { Outcome, WaitProblem, WaitState } from "@scenario-automation/relay-contract"
import { Schema } from "effect"
import type { LoggedAttempt, StoredJob, StoredWait, WaitOptions } from "./StoredWait.ts"

/** A row as the database returns it. PostgreSQL returns BIGINT as text. */
export type Row = Readonly<Record<string, unknown>>

export const toRow = (wait: StoredWait): Record<string, string | number | null> => ({
  wait_id: wait.waitId,
  client_id: wait.clientId,
  account_id: wait.accountId,
  owner_key: wait.ownerKey,
  state: wait.state,
  request_hash: wait.requestHash,
  callback_sealed: wait.callbackSealed,
  callback_hash: wait.callbackHash,
  options: JSON.stringify(wait.options),
  generation_sealed: wait.generationSealed ?? null,
  intent_sealed: wait.intentSealed ?? null,
  jobs: JSON.stringify(wait.jobs),
  outcome: wait.outcome ?? null,
  problem: wait.problem === undefined ? null : JSON.stringify(wait.problem),
  created_at: wait.createdAt,
  expires_at: wait.expiresAt,
  ended_at: wait.endedAt ?? null,
  attempts: wait.attempts,
  next_attempt_at: wait.nextAttemptAt ?? null,
  last_error: wait.lastError ?? null,
})

const readState = Schema.decodeUnknownSync(WaitState)
const readOutcome = Schema.decodeUnknownSync(Outcome)
const readProblem = Schema.decodeUnknownSync(Schema.fromJsonString(WaitProblem))

export const fromRow = (row: Row): StoredWait => {
  const outcome = readText(row["outcome"])
  const problem = readText(row["problem"])
  return {
    waitId: String(row["wait_id"]),
    clientId: String(row["client_id"]),
    accountId: String(row["account_id"]),
    ownerKey: String(row["owner_key"]),
    state: readState(row["state"]),
    requestHash: String(row["request_hash"]),
    callbackSealed: String(row["callback_sealed"]),
    callbackHash: String(row["callback_hash"]),
    options: readOptions(row["options"]),
    generationSealed: readText(row["generation_sealed"]),
    intentSealed: readText(row["intent_sealed"]),
    jobs: readJobs(row["jobs"]),
    outcome: outcome === undefined ? undefined : readOutcome(outcome),
    problem: problem === undefined ? undefined : readProblem(problem),
    createdAt: Number(row["created_at"]),
    expiresAt: Number(row["expires_at"]),
    endedAt: readNumber(row["ended_at"]),
    attempts: Number(row["attempts"]),
    nextAttemptAt: readNumber(row["next_attempt_at"]),
    lastError: readText(row["last_error"]),
  }
}

export const readAttempt = (row: Row): LoggedAttempt => {
  const status = readNumber(row["status"])
  const error = readText(row["error"])
  return {
    at: Number(row["at"]),
    kind: row["kind"] === "redelivery" ? "redelivery" : "scheduled",
    latencyMs: Number(row["latency_ms"]),
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
  }
}

const readText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const readNumber = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value)

/** JSON that this program has written. */
const readOptions = (json: unknown): WaitOptions => JSON.parse(String(json))
const readJobs = (json: unknown): ReadonlyArray<StoredJob> => JSON.parse(String(json))
