import type { DurationKind } from "./world/jobTimeline.ts"

/** An obviously invented key id: no real one looks like it. */
export const simulatedApiKey = "api_simulated0key"

/** An obviously invented secret. */
export const simulatedApiSecret = "simulated-secret-of-no-value"

export const simulatedProjectId = "proj_simulated0project"

/** Every option with its default filled in; see `SimulatorOptions` for the meanings. */
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
}

export interface SimulatorOptions {
  /** Of the API; 0, the default, takes a free one. */
  readonly port?: number | undefined
  /** Of the CDN; 0, the default, takes a free one. */
  readonly cdnPort?: number | undefined
  /** Default 127.0.0.1. */
  readonly host?: string | undefined
  /** Decides ids, durations, prices, pictures and the faults that come at a rate. Default 1. */
  readonly seed?: number | undefined
  /** Simulated seconds in a real one, default 1; means nothing to a stepped clock. */
  readonly speed?: number | undefined
  /** `stepped` moves only by `advance`, which is what tests want. Default `real`. */
  readonly clock?: "real" | "stepped" | undefined
  readonly apiKey?: string | undefined
  readonly apiSecret?: string | undefined
  readonly projectId?: string | undefined
  /** Requests let through in any 60 simulated seconds; more are 429. No limit by default. */
  readonly requestsPerMinute?: number | undefined
  /** Jobs that run at once; one more is 429 with `details.actionName`. No limit by default. */
  readonly concurrencyLimit?: number | undefined
  /** Jobs of models that run at once, the team's ceiling `parallel-custom-jobs`. No limit by default. */
  readonly parallelCustomJobs?: number | undefined
  /** Runs of workflows at once. Default 10, as documented. */
  readonly parallelWorkflows?: number | undefined
  /** How long a link to the CDN lives in simulated ms. Default 24 hours, the documented minimum. */
  readonly linkTtlMs?: number | undefined
  /** Whether members that no endpoint knows are refused by 400. Default true; `/generate/custom` drops them always. */
  readonly strict?: boolean | undefined
  /** Whether the account has trained models of its own. Default true; without, `GET /models` is empty. */
  readonly ownModels?: boolean | undefined
  /**
   * `painted` takes up to 150 ms a megapixel, when an asset is first shown (its size is exact). `plain` is one colour in
   * a few ms, for tests and benchmarks with hundreds of results. Default `painted`.
   */
  readonly pictures?: "painted" | "plain" | undefined
  /** How long jobs of a kind take in the median, in simulated ms; other kinds take as long as they usually do. */
  readonly medianDurationsMs?: Partial<Record<DurationKind, number>> | undefined
}

export const readSettings = (options: SimulatorOptions): SimulatorSettings => ({
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
})
