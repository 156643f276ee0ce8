import { DurationHistory, ScenarioConfig } from "@scenario-automation/core"
import { Effect, Layer } from "effect"
import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { replaceFile } from "./replaceFile.ts"

/**
 * Keeps how long jobs take from one call of the command line to the next, so that the first wait of a process already polls
 * when it is likely to pay off. One file for each API, because a simulator's jobs say nothing about Scenario's. It is a cache:
 * an unreadable file is learned again, an unwritable one is skipped, and of two processes the last one's is kept.
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
  // An empty one counts as absent, by the rules of XDG.
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache")
  return join(
    caches,
    "scenario-automation",
    "durations",
    `${baseUrl.replaceAll(/[^a-zA-Z0-9.]+/g, "-")}.json`,
  )
}
