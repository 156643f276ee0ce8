import { DurationHistory, ScenarioConfig } from "@scenario-automation/core"
import { Effect, Layer } from "effect"
import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { replaceFile } from "./replaceFile.ts"

/**
 * Stores on disk how long jobs take, so that the first wait of a process already polls at good times. There is one file for each
 * API, because the simulator's durations say nothing about Scenario's. It is only a cache: an unreadable file is replaced, an
 * unwritable one is skipped, and the last of several processes wins.
 */
export const durationCache: Layer.Layer<never, never, DurationHistory | ScenarioConfig> = Layer.effectDiscard(
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
  // XDG: an empty variable counts as not set.
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache")
  return join(
    caches,
    "scenario-automation",
    "durations",
    `${baseUrl.replaceAll(/[^a-zA-Z0-9.]+/g, "-")}.json`,
  )
}
