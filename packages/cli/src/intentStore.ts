import { ScenarioConfig, type SubmitIntent } from "@scenario-automation/core"
import { Effect, Predicate, Redacted } from "effect"
import { createHash } from "node:crypto"
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import { replaceFile } from "./replaceFile.ts"

/** A submit whose job isn't known yet, as stored in the state folder. */
export interface StoredIntent {
  readonly file: string
  /** As it was stored. `reconcile` checks it. */
  readonly intent: SubmitIntent
  /** The folder for its files, as an absolute path. */
  readonly out: string | undefined
  /** The process that submits or submitted it. */
  readonly pid: number | undefined
}

/** The submits of one account whose jobs aren't known yet. They survive the process. */
export interface IntentStore {
  /** Stores an intent, whole or not at all. Returns the reason if it can't. */
  readonly save: (intent: SubmitIntent, out: string) => string | undefined
  readonly remove: (intentId: string) => void
  /** The oldest first. Deletes intents that are too old to be searched for. */
  readonly list: () => ReadonlyArray<StoredIntent>
}

/** The store of the account. Each combination of key, API, and project has its own folder. */
export const openIntentStore: Effect.Effect<IntentStore, never, ScenarioConfig> = Effect.map(
  ScenarioConfig,
  ({ apiKey, baseUrl, projectId }) =>
    makeStore(join(getStateFolder(), getAccountName(Redacted.value(apiKey), baseUrl, projectId))),
)

const makeStore = (folder: string): IntentStore => {
  const toFile = (intentId: string) => join(folder, `${intentId.replaceAll(/[^\w.-]+/g, "-")}.json`)
  return {
    save: (intent, out) => {
      try {
        const stored = { ...intent, out: resolve(out), pid: process.pid }
        replaceFile(toFile(intent.id), JSON.stringify(stored, undefined, 2))
        return undefined
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
    remove: (intentId) => {
      try {
        rmSync(toFile(intentId), { force: true })
      } catch {
        // A file that stays only causes another search.
      }
    },
    list: () => {
      const stored = listFiles(folder).flatMap((name) => readStored(join(folder, name)))
      return stored.toSorted((a, b) => a.intent.notBefore.localeCompare(b.intent.notBefore))
    },
  }
}

/** Older intents are deleted. Milliseconds. */
const maxAgeMs = 30 * 86_400_000

const listFiles = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder).filter((name) => {
      const file = join(folder, name)
      const isOld = Date.now() - statSync(file).mtimeMs > maxAgeMs
      if (isOld) rmSync(file, { force: true })
      // Other names are incomplete files of a crash.
      return !isOld && name.endsWith(".json")
    })
  } catch {
    return []
  }
}

const readStored = (file: string): ReadonlyArray<StoredIntent> => {
  try {
    const found = findIntent(JSON.parse(readFileSync(file, "utf8")))
    return found === undefined ? [] : [{ ...found, file }]
  } catch {
    return []
  }
}

/**
 * Finds the intent in a stored file, in a bare intent, or in a document that `--json` printed. Checks only the members that every
 * intent has.
 */
export const findIntent = (document: unknown): Omit<StoredIntent, "file"> | undefined => {
  if (!Predicate.isObject(document)) return undefined
  if (isIntent(document)) {
    const out: unknown = Reflect.get(document, "out")
    const pid: unknown = Reflect.get(document, "pid")
    return {
      intent: document,
      out: typeof out === "string" ? out : undefined,
      pid: typeof pid === "number" ? pid : undefined,
    }
  }
  return findIntent(Reflect.get(document, "intent") ?? Reflect.get(document, "error"))
}

const isIntent = (document: object): document is SubmitIntent =>
  ["id", "path", "notBefore"].every((name) => typeof Reflect.get(document, name) === "string")

const getStateFolder = (): string => {
  // XDG: an empty variable counts as not set.
  const state = process.env["XDG_STATE_HOME"] || join(homedir(), ".local", "state")
  return join(state, "scenario-automation", "intents")
}

/** The folder's name. It contains a digest of the key, never the key. */
const getAccountName = (apiKey: string, baseUrl: string, projectId: string | undefined): string => {
  const digest = createHash("sha256")
    .update(JSON.stringify([apiKey, baseUrl, projectId ?? ""]))
    .digest("hex")
  return `${new URL(baseUrl).hostname.replaceAll(/[^\w.-]+/g, "-")}-${digest.slice(0, 16)}`
}
