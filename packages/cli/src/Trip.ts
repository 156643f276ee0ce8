import type {
  Assets,
  DurationHistory,
  Downloads,
  Generated,
  GenerateOptions,
  NameTemplate,
  ScenarioError,
} from "@scenario-automation/core"
import { save } from "@scenario-automation/core/node"
import { Effect } from "effect"
import type { DeliveredAsset, Delivery } from "./Delivery.ts"
import { type Display, openDisplay, type Track } from "./display/Display.ts"
import { type Failure, failureOf, headlineOf, interrupted } from "./Failure.ts"
import type { Outcome } from "./Outcome.ts"

/** One generation that is to be brought home, and how. */
export interface Trip<R> {
  /** For the display: what was asked for, or the job's id. */
  readonly title: string
  /** A job that is waited for is known from the beginning. */
  readonly jobId?: string | undefined
  readonly run: (told: Told) => Effect.Effect<Generated, ScenarioError, R>
}

/** What core tells along the way. */
type Told = Required<Pick<GenerateOptions, "onSubmitted" | "onUpdate">>

/**
 * Makes several trips at once, shown on stderr, files saved in `out`. None keeps another from its end; one that was
 * interrupted ends as a failure that says how to go on, and `onInterrupted` has them all.
 */
export const makeTrips = <R>(
  trips: ReadonlyArray<Trip<R>>,
  out: string,
  onInterrupted: (outcomes: ReadonlyArray<Outcome>) => Effect.Effect<void>,
): Effect.Effect<ReadonlyArray<Outcome>, never, R | Assets | Downloads | DurationHistory> => {
  const ended = new Map<number, Outcome>()
  const jobIds = new Map(trips.map(({ jobId }, index) => [index, jobId]))
  const outcomes = trips.map((_, index) => index)
  return Effect.gen(function* () {
    const display = yield* openDisplay(process.stderr, process.env)
    yield* Effect.forEach(
      trips,
      (trip, index) =>
        Effect.map(
          makeTrip(trip, display, out, (jobId) => jobIds.set(index, jobId)),
          (outcome) => ended.set(index, outcome),
        ),
      { concurrency: "unbounded", discard: true },
    )
  }).pipe(
    Effect.scoped,
    Effect.onInterrupt(() =>
      onInterrupted(outcomes.map((index) => ended.get(index) ?? failed(interrupted(jobIds.get(index))))),
    ),
    Effect.map(() => [...ended].toSorted(([a], [b]) => a - b).map(([, outcome]) => outcome)),
  )
}

const failed = (failure: Failure): Outcome => ({ _tag: "Failed", failure })

const makeTrip = Effect.fnUntraced(function* <R>(
  trip: Trip<R>,
  display: Display,
  out: string,
  onJob: (jobId: string) => void,
) {
  const track = yield* display.track(trip.title)
  let jobId = trip.jobId
  const told: Told = {
    onSubmitted: ({ job, cost }) =>
      Effect.suspend(() => {
        if (job.jobId === "") return Effect.void
        jobId = job.jobId
        onJob(job.jobId)
        return track.submitted(job, cost)
      }),
    onUpdate: track.seen,
  }
  return yield* trip.run(told).pipe(
    Effect.flatMap((generated) => deliver(generated, out, track)),
    Effect.map((delivery): Outcome => ({ _tag: "Delivered", delivery })),
    Effect.catch((error) => {
      const failure = failureOf(error, jobId)
      return Effect.as(track.failed(headlineOf(failure), failure.message), failed(failure))
    }),
  )
})

/** Saves what a generation has made, and tells the display how far the files are. */
export const deliver = Effect.fnUntraced(function* (
  generated: Generated,
  out: string,
  track: Track,
  nameTemplate?: NameTemplate,
) {
  const { job, assets, output, cost, snapshot } = generated
  const received = new Map<string, number>()
  const totals = new Map(assets.map(({ assetId, bytes }) => [assetId, bytes ?? 0]))
  const delivered = yield* Effect.forEach(
    assets,
    (asset, index) =>
      Effect.map(
        save(asset, out, {
          jobId: job.jobId,
          index: index + 1,
          nameTemplate,
          onProgress: (bytes, total) => {
            received.set(asset.assetId, bytes)
            if (total !== undefined) totals.set(asset.assetId, total)
            track.downloading(assets.length, sum(received), sum(totals))
          },
        }),
        (file): DeliveredAsset => ({ asset, file }),
      ),
    // Core bounds how many files are read at once.
    { concurrency: "unbounded" },
  )
  yield* track.delivered(
    delivered.map(({ file }) => file),
    cost,
  )
  const delivery: Delivery = {
    job,
    status: snapshot?.status ?? "success",
    assets: delivered,
    output,
    cost,
    warning: snapshot?.error,
  }
  return delivery
})

const sum = (amounts: ReadonlyMap<string, number>): number =>
  [...amounts.values()].reduce((total, amount) => total + amount, 0)
