import { type JobUpdate, type SubmitWait, DurationHistory } from "@scenario-automation/core"
import { Clock, Effect, type Scope } from "effect"
import type { JobLine, Stage } from "./JobLine.ts"
import { drawLive, type Terminal } from "./LiveBoard.ts"
import { type Environment, getPaint } from "./paint.ts"
import { formatLine } from "./formatLine.ts"

/** One line of a display, which shows one job. */
export interface Track {
  /** Starts the clock of a job that waited for another one. */
  readonly started: Effect.Effect<void>
  /** The submit waits because the account is running as many jobs as it can. */
  readonly waiting: (wait: SubmitWait) => Effect.Effect<void>
  /** The job was accepted, or was submitted earlier. */
  readonly submitted: (job: { readonly jobId: string }, cost?: number) => Effect.Effect<void>
  readonly updated: (update: JobUpdate) => Effect.Effect<void>
  /** Called for each received chunk. Bytes. */
  readonly downloading: (files: number, received: number, total: number) => void
  readonly delivered: (files: ReadonlyArray<{ readonly bytes: number }>, cost?: number) => Effect.Effect<void>
  readonly failed: (headline: string, message: string) => Effect.Effect<void>
}

/** Shows the progress of jobs: as a live board on a terminal, otherwise as a line for each change. */
export interface Display {
  readonly track: (title: string) => Effect.Effect<Track>
}

/** A stream to print to, such as `process.stderr`. */
export interface Output extends Terminal {
  readonly isTTY?: boolean | undefined
}

/** Opens a display that ends with the scope. */
export const openDisplay = Effect.fnUntraced(function* (
  output: Output,
  environment: Environment,
): Effect.fn.Return<Display, never, Scope.Scope | DurationHistory> {
  const history = yield* DurationHistory
  const isLive = output.isTTY === true && environment["TERM"] !== "dumb"
  const lines: Array<() => JobLine> = []
  if (isLive) yield* drawLive(() => lines.map((current) => current()), output, getPaint(environment))

  const track = (title: string) =>
    Effect.map(Clock.currentTimeMillis, (startedAt): Track => {
      let line: JobLine = { title, startedAt, stage: { _tag: "Preparing" } }
      lines.push(() => line)
      const change = (parts: (now: number) => Partial<JobLine>) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          line = { ...line, ...parts(now) }
          const text = formatLine(line)
          if (!isLive && text !== undefined) output.write(`${text}\n`)
        })
      return {
        started: change((startedAt) => ({ startedAt })),
        waiting: (wait) => change(() => ({ stage: { _tag: "Waiting", wait } })),
        submitted: ({ jobId }, cost) =>
          change((at) => ({ jobId, cost, firstUpdate: { at, progress: 0 }, stage: { _tag: "Preparing" } })),
        updated: (update) =>
          change((at) => {
            const { job } = update
            const expected = history.expect(job)
            return {
              jobId: job.jobId,
              stage: { _tag: "Updated", update, at },
              firstUpdate: line.firstUpdate ?? { at, progress: job.progress ?? 0 },
              expectedMs: expected.isLearned ? expected.medianMs : undefined,
            }
          }),
        downloading: (files, received, total) => {
          line = { ...line, stage: { _tag: "Downloading", files, received, total } }
        },
        delivered: (files, cost) =>
          change((at) => {
            const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
            const stage: Stage = { _tag: "Delivered", files: files.length, bytes, at }
            return { stage, cost: cost ?? line.cost }
          }),
        failed: (headline, message) => change((at) => ({ stage: { _tag: "Failed", headline, message, at } })),
      }
    })

  return { track }
})
