import { Cause, Duration, Effect, Exit, Layer, ManagedRuntime, Redacted, Stream } from "effect"
import type { Asset } from "./api/Asset.ts"
import type { Job, JobOrId } from "./api/Job.ts"
import type { DownloadOptions } from "./deliver/FileReader.ts"
import { Downloads } from "./deliver/Downloads.ts"
import { save, saveAll, type SavedFile, type SaveOptions } from "./deliver/node/save.ts"
import { InvalidInput } from "./errors.ts"
import { finish, generate, type Generated, type GenerateOptions } from "./generate.ts"
import { ApiHttp } from "./http/ApiHttp.ts"
import { CdnHttp } from "./http/CdnHttp.ts"
import { Assets } from "./resolve/Assets.ts"
import { Scenario as ScenarioServices } from "./Scenario.ts"
import { ScenarioConfig } from "./ScenarioConfig.ts"
import type { GenerationRequest } from "./submit/GenerationRequest.ts"
import { Generations } from "./submit/Generations.ts"
import type { Submission } from "./submit/Submission.ts"
import type { FinishedJob } from "./watch/FinishedJob.ts"
import { type CancelOutcome, Jobs } from "./watch/Jobs.ts"
import type { JobUpdate } from "./watch/JobUpdate.ts"

export * from "./errors.ts"

/** Whose account, and where. */
export interface ScenarioOptions {
  readonly apiKey: string
  readonly apiSecret: string
  /** Default `https://api.cloud.scenario.com/v1`. */
  readonly baseUrl?: string | undefined
  /** Default: the project of the key. */
  readonly projectId?: string | undefined
  /** The account's request budget. Default 100. */
  readonly requestsPerMinute?: number | undefined
  /** Whether no other process submits the same inputs with the same key. Default true. */
  readonly exclusive?: boolean | undefined
  /** Instead of the platform's `fetch`; it must honour `redirect: "manual"`. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

export interface CallOptions {
  /** Ends the call with an `AbortError`. It never cancels a job. */
  readonly signal?: AbortSignal | undefined
}

export interface SubmitCallOptions extends CallOptions {
  /** Compute units. The price is asked for first; above this nothing is submitted. */
  readonly maxCost?: number | undefined
  /** How long to stand in line when Scenario is not taking more for now. Milliseconds, default 60 000. */
  readonly submitTimeoutMs?: number | undefined
  /** `resubmit`: where no job can be found after a lost answer, submit again; it may be paid twice. Default `fail`. */
  readonly ifUncertain?: "fail" | "resubmit" | undefined
  /** Called as soon as the job is known, even where the call was aborted meanwhile: the place to write it down. */
  readonly onSubmitted?: ((submission: Submission) => void) | undefined
}

export interface WaitCallOptions extends CallOptions {
  /** Milliseconds, default 1 800 000 (half an hour). When it is up the job still runs: `WaitTimedOut` carries it. */
  readonly timeoutMs?: number | undefined
  /** Called on change only. */
  readonly onUpdate?: ((update: JobUpdate) => void) | undefined
}

export interface GenerateCallOptions extends SubmitCallOptions, WaitCallOptions {}

export interface ResolveCallOptions extends CallOptions {
  /** How long assets that are still pending are waited for. Milliseconds, default 120 000. */
  readonly timeoutMs?: number | undefined
}

export interface DownloadCallOptions extends CallOptions, Pick<DownloadOptions, "rendition" | "onProgress"> {}

export interface SaveCallOptions extends CallOptions, SaveOptions {}

/** One account. Build it once: its calls share a request budget and a watcher. */
export interface Scenario extends AsyncDisposable {
  /** What a generation would cost, in compute units. */
  estimate(request: GenerationRequest, options?: CallOptions): Promise<number>
  /** Submits a generation, once. Keep `job`: it is all that is needed to wait for it, here or elsewhere. */
  submit(request: GenerationRequest, options?: SubmitCallOptions): Promise<Submission>
  /** One look at a job. */
  look(job: JobOrId, options?: CallOptions): Promise<Job>
  /** What changes at a job until it has succeeded. */
  watch(job: JobOrId, options?: Pick<WaitCallOptions, "timeoutMs">): AsyncIterable<JobUpdate>
  /** Waits until a job has succeeded. */
  waitFor(job: JobOrId, options?: WaitCallOptions): Promise<FinishedJob>
  /** Asks Scenario to stop a job. */
  cancel(job: JobOrId, options?: CallOptions): Promise<CancelOutcome>
  /** The assets of a finished job, in its order, with fresh links. */
  resolve(
    finished: Pick<FinishedJob, "job" | "assetIds">,
    options?: ResolveCallOptions,
  ): Promise<ReadonlyArray<Asset>>
  /** One asset with a fresh link. */
  asset(assetId: string, options?: CallOptions): Promise<Asset>
  /** The bytes of an asset, or of an asset id. */
  download(asset: Asset | string, options?: Omit<DownloadCallOptions, "signal">): AsyncIterable<Uint8Array>
  /** Saves an asset's file in a folder, whole or not at all. */
  save(asset: Asset | string, folder: string, options?: SaveCallOptions): Promise<SavedFile>
  /** Saves several. */
  saveAll(
    assets: ReadonlyArray<Asset>,
    folder: string,
    options?: Omit<SaveCallOptions, "index">,
  ): Promise<ReadonlyArray<SavedFile>>
  /** The whole trip: submit, wait, resolve. */
  generate(request: GenerationRequest, options?: GenerateCallOptions): Promise<Generated>
  /** The rest of the trip, from a submission on. */
  finish(submission: Submission, options?: WaitCallOptions): Promise<Generated>
  /** Ends every call that is under way, and lets the process end. Jobs go on. */
  close(): Promise<void>
}

/** The whole library for people who use Promises. Throws `InvalidInput` where key or secret are missing. */
export const createScenario = (options: ScenarioOptions): Scenario => {
  const issues = (["apiKey", "apiSecret"] as const)
    .filter((name) => typeof options[name] !== "string" || options[name] === "")
    .map((path) => ({ path, expected: "the text that Scenario shows with the API key", got: "nothing" }))
  if (issues.length > 0) throw new InvalidInput({ issues })

  const runtime = ManagedRuntime.make(
    ScenarioServices.layer.pipe(
      Layer.provide(
        Layer.mergeAll(
          ScenarioConfig.layer({
            ...options,
            apiKey: Redacted.make(options.apiKey),
            apiSecret: Redacted.make(options.apiSecret),
          }),
          ApiHttp.layerFetch(options.fetch),
          CdnHttp.layerFetch(options.fetch),
        ),
      ),
    ),
  )
  type Services = ManagedRuntime.ManagedRuntime.Services<typeof runtime>

  const run = async <A, E>(
    effect: Effect.Effect<A, E, Services>,
    signal: AbortSignal | undefined,
  ): Promise<A> => {
    if (signal?.aborted === true) throw abortError(signal.reason)
    const exit = await runtime.runPromiseExit(effect, signal === undefined ? undefined : { signal })
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.hasInterruptsOnly(exit.cause) ? abortError(signal?.reason) : Cause.squash(exit.cause)
  }

  const iterate = async function* <A, E>(
    stream: Stream.Stream<A, E, Services>,
  ): AsyncGenerator<A, void, undefined> {
    const services = await runtime.context()
    yield* Stream.toAsyncIterableWith(stream, services)
  }

  return {
    estimate: (request, call) =>
      run(
        Generations.use((generations) => generations.estimate(request)),
        call?.signal,
      ),
    submit: (request, call) =>
      run(
        Generations.use((generations) => generations.submit(request, submitOptions(call))),
        call?.signal,
      ),
    look: (job, call) =>
      run(
        Jobs.use((jobs) => jobs.look(job)),
        call?.signal,
      ),
    watch: (job, call) =>
      iterate(Stream.unwrap(Jobs.use((jobs) => Effect.succeed(jobs.watch(job, waitOptions(call)))))),
    waitFor: (job, call) =>
      run(
        Jobs.use((jobs) => jobs.waitFor(job, waitOptions(call))),
        call?.signal,
      ),
    cancel: (job, call) =>
      run(
        Jobs.use((jobs) => jobs.cancel(job)),
        call?.signal,
      ),
    resolve: (finished, call) =>
      run(
        Assets.use((assets) => assets.resolve(finished, { timeout: inMillis(call?.timeoutMs) })),
        call?.signal,
      ),
    asset: (assetId, call) =>
      run(
        Assets.use((assets) => assets.asset(assetId)),
        call?.signal,
      ),
    download: (asset, call) =>
      iterate(Stream.unwrap(Downloads.use((downloads) => Effect.succeed(downloads.download(asset, call))))),
    save: (asset, folder, call) => run(save(asset, folder, call), call?.signal),
    saveAll: (assets, folder, call) => run(saveAll(assets, folder, call), call?.signal),
    generate: (request, call) =>
      run(generate(request, { ...submitOptions(call), ...waitOptions(call) }), call?.signal),
    finish: (submission, call) => run(finish(submission, waitOptions(call)), call?.signal),
    close: () => runtime.dispose(),
    [Symbol.asyncDispose]: () => runtime.dispose(),
  }
}

const inMillis = (milliseconds: number | undefined): Duration.Duration | undefined =>
  milliseconds === undefined ? undefined : Duration.millis(milliseconds)

const submitOptions = (call: SubmitCallOptions | undefined): GenerateOptions => {
  const onSubmitted = call?.onSubmitted
  return {
    maxCost: call?.maxCost,
    submitTimeout: inMillis(call?.submitTimeoutMs),
    ifUncertain: call?.ifUncertain,
    onSubmitted: onSubmitted && ((submission) => Effect.sync(() => onSubmitted(submission))),
  }
}

const waitOptions = (call: WaitCallOptions | undefined): Pick<GenerateOptions, "timeout" | "onUpdate"> => {
  const onUpdate = call?.onUpdate
  return {
    timeout: inMillis(call?.timeoutMs),
    onUpdate: onUpdate && ((update) => Effect.sync(() => onUpdate(update))),
  }
}

/** What `fetch` rejects with, so that one check serves both. */
const abortError = (reason: unknown): DOMException =>
  reason instanceof DOMException && reason.name === "AbortError"
    ? reason
    : new DOMException("The call was aborted; a job that was submitted goes on.", {
        name: "AbortError",
        cause: reason,
      })
