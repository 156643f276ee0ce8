import { Duration } from "effect"

/** Svix's schedule: 27.6 hours in all. */
export const defaultRetryDelays: ReadonlyArray<Duration.Duration> = [
  Duration.zero,
  Duration.seconds(5),
  Duration.minutes(5),
  Duration.minutes(30),
  Duration.hours(2),
  Duration.hours(5),
  Duration.hours(10),
  Duration.hours(10),
]

export const defaults = {
  host: "127.0.0.1",
  port: 8787,
  defaultWaitDuration: Duration.hours(24),
  maxWaitDuration: Duration.days(7),
  retryDelays: defaultRetryDelays,
  attemptTimeout: Duration.seconds(15),
  retention: Duration.days(7),
  accountRetention: Duration.days(60),
  maxBodyBytes: 262_144,
  maxPendingWaits: 10_000,
  maxRequestsPerMinute: 60_000,
  runnerPort: 34_431,
} as const
