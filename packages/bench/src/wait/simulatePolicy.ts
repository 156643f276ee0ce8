import { DurationHistory } from "@scenario-automation/core"
import { getMaxPollDelay, getPollCost, getPollDelay } from "@scenario-automation/core/host"
import { Effect } from "effect"
import { toHistory } from "../fleet/library.ts"
import type { ProgressStyle } from "../world/getProgress.ts"
import { assumptions, type Kind, type PlannedJob } from "../world/workload.ts"
import { getProgress } from "../world/getProgress.ts"

/** Simulates the poll policy for one of `waits` waits, without the rest of the library. */
export const simulatePolicy = (
  job: PlannedJob,
  options: {
    readonly waits: number
    readonly past: ReadonlyArray<number>
    /** The model's output, if known. */
    readonly kind?: Kind
    readonly progress: ProgressStyle
    /** The error of the job's age, milliseconds. */
    readonly skewMs?: number
    readonly report?: (share: number) => number
  },
): { readonly polls: number; readonly delayMs: number } => {
  const expectation = getExpectation(job, options)
  const report = options.report ?? ((share: number) => getProgress(options.progress, share))
  let now = 0
  let progress: number | undefined
  let unchangedPolls = 0
  for (let polls = 0; ; polls++) {
    const elapsedMs = now + (options.skewMs ?? 0)
    now +=
      assumptions.roundTripMs +
      getPollDelay({
        elapsedMs,
        polls,
        expectation,
        progress,
        unchangedPolls,
        pollCost: getPollCost(options.waits),
        maxDelayMs: getMaxPollDelay(options.waits, now),
      })
    const shownAt = now - assumptions.roundTripMs / 2
    if (shownAt >= job.durationMs) return { polls: polls + 1, delayMs: now - job.durationMs }
    const shown = report(shownAt / job.durationMs)
    unchangedPolls = shown === progress ? unchangedPolls + 1 : 0
    progress = shown
  }
}

/** What the library expects after these earlier jobs of the model; its default without any. */
const getExpectation = (
  job: PlannedJob,
  { past, kind }: { readonly past: ReadonlyArray<number>; readonly kind?: Kind },
) =>
  DurationHistory.use((history) =>
    Effect.sync(() => {
      history.import(toHistory([{ ...job, past }]))
      const capabilities = kind === undefined ? [] : [capabilityByKind[kind]]
      history.recognize({ modelId: job.modelId, capabilities })
      return history.expect({ modelId: job.modelId, jobType: "custom" })
    }),
  ).pipe(Effect.provide(DurationHistory.layer, { local: true }), Effect.runSync)

const capabilityByKind: Readonly<Record<Kind, string>> = {
  image: "txt2img",
  video: "txt2video",
  "3d": "txt23d",
}
