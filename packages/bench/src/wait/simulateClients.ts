import { waitForJobs } from "../fleet/library.ts"
import type { ProgressStyle } from "../world/getProgress.ts"
import { InMemoryApi } from "../world/InMemoryApi.ts"
import { VirtualTime } from "../world/VirtualTime.ts"
import { assumptions, type PlannedJob } from "../world/workload.ts"
import type { Peer } from "./peers.ts"

/** The result of one wait. No delay if it threw although the job succeeded later. */
export interface Outcome {
  readonly polls: number
  readonly delayMs: number | undefined
}

/** Runs the whole library, with a separate account for each wait. */
export const simulateLibrary = (
  jobs: ReadonlyArray<PlannedJob>,
  progress: ProgressStyle,
): Promise<ReadonlyArray<Outcome>> => {
  const time = new VirtualTime()
  return time.run(() =>
    Promise.all(
      jobs.map(async (job): Promise<Outcome> => {
        const api = new InMemoryApi({ now: () => time.now, sleep: time.sleep, progress })
        const createdAt = time.now
        const jobId = api.add({ ...job, createdAt })
        await waitForJobs(api, [{ jobId, createdAt, modelId: job.modelId }], [job], false)
        return { polls: api.counts.poll + api.counts.list, delayMs: time.now - api.getEndTime(jobId) }
      }),
    ),
  )
}

export const simulatePeer = (
  wait: Peer["wait"],
  jobs: ReadonlyArray<PlannedJob>,
): Promise<ReadonlyArray<Outcome>> => {
  const time = new VirtualTime()
  return time.run(() =>
    Promise.all(
      jobs.map(async (job): Promise<Outcome> => {
        const endsAt = time.now + job.durationMs
        let polls = 0
        const poll = async () => {
          polls += 1
          await time.sleep(assumptions.roundTripMs / 2)
          const isDone = time.now >= endsAt
          await time.sleep(assumptions.roundTripMs / 2)
          return isDone
        }
        const isSeen = await wait(poll, time.sleep).then(
          () => true,
          () => false,
        )
        return { polls, delayMs: isSeen ? time.now - endsAt : undefined }
      }),
    ),
  )
}
