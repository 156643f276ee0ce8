import type { DurationKind } from "./world/jobTimeline.ts"

/** No real key looks like this. */
export const simulatedApiKey = "api_simulated0key"

export const simulatedApiSecret = "simulated-secret-of-no-value"

export const simulatedProjectId = "proj_simulated0project"

/** `SimulatorOptions` with their defaults. */
export interface SimulatorSettings {
  readonly host: string
  readonly port: number
  readonly cdnPort: number
  readonly seed: number
  readonly speed: number
  readonly clock: "real" | "stepped"
  readonly apiKey: string
  readonly apiSecret: string
  readonly projectId: string
  readonly requestsPerMinute: number | undefined
  readonly concurrencyLimit: number | undefined
  readonly parallelCustomJobs: number | undefined
  readonly parallelWorkflows: number | undefined
  readonly linkTtlMs: number
  readonly strict: boolean
  readonly ownModels: boolean
  readonly pictures: "painted" | "plain"
  readonly medianDurationsMs: Partial<Record<DurationKind, number>>
  readonly jobDurationMs: number | undefined
}

export interface SimulatorOptions {
  /** The port of the API. 0, the default, chooses a free one. */
  readonly port?: number | undefined
  /** The port of the CDN. 0, the default, chooses a free one. */
  readonly cdnPort?: number | undefined
  /** Default 127.0.0.1. */
  readonly host?: string | undefined
  /** Decides IDs, durations, prices, pictures, and which requests a fault with a rate hits. Default 1. */
  readonly seed?: number | undefined
  /** Simulated seconds per real second. Default 1. A stepped clock ignores it. */
  readonly speed?: number | undefined
  /** A `stepped` clock moves only by `advance`. Default `real`. */
  readonly clock?: "real" | "stepped" | undefined
  readonly apiKey?: string | undefined
  readonly apiSecret?: string | undefined
  readonly projectId?: string | undefined
  /** Requests accepted in any 60 simulated seconds. Others get 429. No limit by default. */
  readonly requestsPerMinute?: number | undefined
  /** Jobs that run at once. Another submit gets 429 with `details.actionName`. No limit by default. */
  readonly concurrencyLimit?: number | undefined
  /** Jobs of models that run at once: the ceiling `parallel-custom-jobs`. No limit by default. */
  readonly parallelCustomJobs?: number | undefined
  /** Workflows that run at once. Default 10, as documented. */
  readonly parallelWorkflows?: number | undefined
  /** How long a link to the CDN is valid, in simulated ms. Default 24 hours, the documented minimum. */
  readonly linkTtlMs?: number | undefined
  /** Whether unknown members of a body get 400. Default true. `/generate/custom` always ignores them. */
  readonly strict?: boolean | undefined
  /** Whether the account has trained models. Default true. Otherwise `GET /models` is empty. */
  readonly ownModels?: boolean | undefined
  /**
   * A `painted` picture takes up to 150 ms per megapixel, when its asset is first read. A `plain` one has a single color and takes a
   * few ms, for tests and benchmarks with hundreds of results. Default `painted`.
   */
  readonly pictures?: "painted" | "plain" | undefined
  /** The median duration of jobs of a kind, in simulated ms. Other kinds keep their defaults. */
  readonly medianDurationsMs?: Partial<Record<DurationKind, number>> | undefined
  /**
   * How long each generation takes, in simulated ms. With 0, the response to the submit has the finished job, so a test doesn't wait.
   * Default: random, by the kind of job. `planNextJob` overrides it.
   */
  readonly jobDurationMs?: number | undefined
}

/** The options with their defaults. Throws `TypeError` for an unknown name, which would silently do nothing. */
export const readSettings = (options: SimulatorOptions): SimulatorSettings => {
  const settings = withDefaults(options)
  const unknown = Object.keys(options).find((name) => !(name in settings))
  if (unknown === undefined) return settings
  throw new TypeError(
    `The simulator has no option "${unknown}". Its options are ${Object.keys(settings).join(", ")}.`,
  )
}

const withDefaults = (options: SimulatorOptions): SimulatorSettings => ({
  host: options.host ?? "127.0.0.1",
  port: options.port ?? 0,
  cdnPort: options.cdnPort ?? 0,
  seed: options.seed ?? 1,
  speed: options.speed ?? 1,
  clock: options.clock ?? "real",
  apiKey: options.apiKey ?? simulatedApiKey,
  apiSecret: options.apiSecret ?? simulatedApiSecret,
  projectId: options.projectId ?? simulatedProjectId,
  requestsPerMinute: options.requestsPerMinute,
  concurrencyLimit: options.concurrencyLimit,
  parallelCustomJobs: options.parallelCustomJobs,
  parallelWorkflows: options.parallelWorkflows ?? 10,
  linkTtlMs: options.linkTtlMs ?? 24 * 60 * 60 * 1000,
  strict: options.strict ?? true,
  ownModels: options.ownModels ?? true,
  pictures: options.pictures ?? "painted",
  medianDurationsMs: options.medianDurationsMs ?? {},
  jobDurationMs: options.jobDurationMs,
})
