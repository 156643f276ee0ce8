import { DurationHistory, ScenarioConfig } from "@scenario-automation/core"
import { Effect, Layer } from "effect"
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"

/**
 * How long jobs take, kept from one call of the command line to the next, so that also the first wait of a process
 * looks when it is likely. One file for each API, since a simulator's jobs tell nothing of Scenario's. It is a cache: what
 * cannot be read is learned again, what cannot be written is forgotten, and of two processes the last one's is kept.
 */
export const keptDurations: Layer.Layer<never, never, DurationHistory | ScenarioConfig> = Layer.effectDiscard(
  Effect.gen(function* () {
    const history = yield* DurationHistory
    const { baseUrl } = yield* ScenarioConfig
    yield* Effect.ignore(Effect.try(() => history.import(JSON.parse(readFileSync(fileFor(baseUrl), "utf8")))))
    const before = JSON.stringify(history.export())
    yield* Effect.addFinalizer(() => {
      const after = JSON.stringify(history.export())
      return after === before
        ? Effect.void
        : Effect.ignore(Effect.try(() => replaceFile(fileFor(baseUrl), after)))
    })
  }),
)

const fileFor = (baseUrl: string): string => {
  // An empty one counts as none, by the rules of XDG.
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache")
  return join(
    caches,
    "scenario-automation",
    "durations",
    `${baseUrl.replaceAll(/[^a-zA-Z0-9.]+/g, "-")}.json`,
  )
}

/** Whole or not at all: it is written beside its place and moved there. */
const replaceFile = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  const half = `${file}.${process.pid}`
  writeFileSync(half, text, { mode: 0o600 })
  renameSync(half, file)
}
