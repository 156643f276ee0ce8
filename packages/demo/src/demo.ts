import {
  formatBytes,
  formatCost,
  formatCount,
  formatDuration,
  exitCodes,
  getPaint,
  toResumeCommand,
} from "@scenario-automation/cli"
import { renderGallery } from "@scenario-automation/gallery"
import { Clock, Console, Effect } from "effect"
import { writeFileSync } from "node:fs"
import { basename, join, relative, resolve } from "node:path"
import { chooseModels } from "./chooseModels.ts"
import { askForConsent } from "./consent.ts"
import { createScenes, type Scene } from "./createScenes.ts"
import { estimatePrices } from "./estimatePrices.ts"
import { clearLastRun, rememberRun } from "./lastRun.ts"
import { play, type PlayedScene } from "./play.ts"
import { getTotalCost, toGallery } from "./toGallery.ts"
import { openLiveWorld, openSimulatedWorld, type World } from "./World.ts"

export interface DemoOptions {
  readonly out: string
  readonly speed: number
  readonly isLive: boolean
  readonly isAgreed: boolean
}

export const runDemo = Effect.fnUntraced(function* (options: DemoOptions) {
  const out = resolve(options.out)
  const paint = getPaint(process.stdout.isTTY ? process.env : { NO_COLOR: "1" })
  const startedAt = yield* Clock.currentTimeMillis
  const world = options.isLive ? openLiveWorld() : yield* openSimulatedWorld(options.speed)
  yield* Console.log(`\n${paint.strong("Scenario Automation")}\n${paint.dim(world.description)}\n`)

  const played = yield* Effect.gen(function* () {
    const scenes = createScenes(yield* chooseModels)
    const maxCosts = options.isLive ? yield* estimatePrices(scenes) : new Map<Scene, number>()
    if (options.isLive && !(yield* askForConsent(maxCosts, options.isAgreed))) return undefined
    clearLastRun(out)
    return yield* Effect.scoped(
      play(scenes, {
        folder: out,
        maxCosts,
        // The simulator's jobs end with it.
        onInterrupted: (jobIds) => (options.isLive ? printResumeCommands(jobIds, out) : Effect.void),
      }),
    )
  }).pipe(Effect.provide(world.account))
  if (played === undefined) return exitCodes.jobEnded

  const page = join(out, "index.html")
  writeFileSync(page, renderGallery(toGallery(played, world, out)))
  const files = played.flatMap(({ delivery }) => delivery?.assets ?? []).map(({ file }) => file)
  rememberRun(out, [basename(page), ...files.map(({ path }) => basename(path))])

  const tookMs = (yield* Clock.currentTimeMillis) - startedAt
  yield* Console.log(
    `\n${describeRun(played, world, tookMs)}\n\n  ${paint.strong(relative(process.cwd(), page))}\n`,
  )

  const failed = played.filter(({ error }) => error !== undefined)
  for (const { scene, error } of failed) yield* Console.error(`${scene.title}: ${error?.message}`)
  return failed.length > 0 ? exitCodes.jobEnded : exitCodes.done
}, Effect.scoped)

const describeRun = (played: ReadonlyArray<PlayedScene>, world: World, tookMs: number): string => {
  const files = played.flatMap(({ delivery }) => delivery?.assets ?? [])
  const bytes = files.reduce((sum, { file }) => sum + file.bytes, 0)
  return [
    formatCount(played.length, "job"),
    `${formatCount(files.length, "file")} of ${formatBytes(bytes)}`,
    formatCount(world.requests.requests.length, "request"),
    formatCost(getTotalCost(played)),
    formatDuration(tookMs),
  ].join(" · ")
}

const printResumeCommands = (jobIds: ReadonlyArray<string>, out: string) =>
  Effect.forEach(jobIds, (jobId) => Console.error(`${jobId} still runs: ${toResumeCommand(jobId, out)}`), {
    discard: true,
  })
