import { Duration, Effect, Layer, Redacted } from "effect"
import type { Asset } from "./api/Asset.ts"
import type { JobOrId } from "./api/Job.ts"
import type { DownloadOptions } from "./deliver/FileReader.ts"
import { Downloads } from "./deliver/Downloads.ts"
import { save, saveAll, type SavedFile, type SaveOptions } from "./deliver/node/save.ts"
import { InvalidInput } from "./errors.ts"
import { generate, type Generated, type GenerateOptions, resume } from "./generate.ts"
import { ApiHttp } from "./http/ApiHttp.ts"
import { CdnHttp } from "./http/CdnHttp.ts"
import { type PromiseAccount, promiseAccount } from "./promise/PromiseAccount.ts"
import { type CallOptions, PromiseRuntime } from "./promise/PromiseRuntime.ts"
import { Assets } from "./resolve/Assets.ts"
import { Scenario as ScenarioServices } from "./Scenario.ts"
import { ScenarioConfig } from "./ScenarioConfig.ts"
import type { GenerationRequest } from "./submit/GenerationRequest.ts"
import { Generations } from "./submit/Generations.ts"
import type { LocalFile } from "./account/LocalFile.ts"
import { localFile } from "./submit/node/localFile.ts"
import type { Submission } from "./submit/Submission.ts"
import type { FinishedJob } from "./watch/FinishedJob.ts"
import { type CancelOutcome, Jobs, type WaitOptions } from "./watch/Jobs.ts"
import type { JobUpdate } from "./watch/JobUpdate.ts"

export * from "./errors.ts"
export type { Asset } from "./api/Asset.ts"
export type { Job, JobOrId, JobRef } from "./api/Job.ts"
export type { SavedFile } from "./deliver/node/save.ts"
export type { Generated } from "./generate.ts"
export type { UploadCallOptions } from "./promise/PromiseAccount.ts"
export type { CallOptions } from "./promise/PromiseRuntime.ts"
export type { GenerationRequest } from "./submit/GenerationRequest.ts"
export type { LocalFile } from "./account/LocalFile.ts"
export type { Submission } from "./submit/Submission.ts"
export type { FinishedJob } from "./watch/FinishedJob.ts"
export type { JobUpdate } from "./watch/JobUpdate.ts"

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
  readonly soleSubmitter?: boolean | undefined
  /** Instead of the platform's `fetch`; it must honour `redirect: "manual"`. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

export interface SubmitCallOptions extends CallOptions {
  /** Compute units. The price is asked for first; above this nothing is submitted. */
  readonly maxCost?: number | undefined
  /** How long to stand in line when Scenario is not taking more for now. Milliseconds, default 60 000. */
  readonly queueTimeoutMs?: number | undefined
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
  /**
   * Ends the wait as soon as a workflow stands still until somebody approves or selects: in `WaitTimedOut`, whose
   * `awaitingApproval` names the steps. Default false.
   */
  readonly stopAtApproval?: boolean | undefined
}

export interface GenerateCallOptions extends SubmitCallOptions, WaitCallOptions {}

export interface ResolveCallOptions extends CallOptions {
  /** How long assets that are still pending are waited for. Milliseconds, default 120 000. */
  readonly timeoutMs?: number | undefined
}

export interface DownloadCallOptions extends CallOptions, Pick<DownloadOptions, "rendition" | "onProgress"> {
  /** A connection that is silent for this long is given up and opened anew. Milliseconds, default 60 000. */
  readonly stallTimeoutMs?: number | undefined
}

export interface SaveCallOptions extends CallOptions, SaveOptions {}

/** One account. Build it once: its calls share a request budget and a watcher. */
export interface Scenario extends PromiseAccount, AsyncDisposable {
  /** What a generation would cost, in compute units. */
  estimate(request: GenerationRequest, options?: CallOptions): Promise<number>
  /** Submits a generation, once. Keep `job`: it is all that is needed to wait for it, here or elsewhere. */
  submit(request: GenerationRequest, options?: SubmitCallOptions): Promise<Submission>
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
  /** A file of this machine as an input; it is uploaded when it is submitted. */
  localFile(path: string, options?: CallOptions): Promise<LocalFile>
  /** The whole trip: submit, wait, resolve. */
  generate(request: GenerationRequest, options?: GenerateCallOptions): Promise<Generated>
  /** The rest of the trip for a job, by its id, its `JobRef` or its `Submission`: wait, resolve. */
  resume(job: JobOrId | Submission, options?: WaitCallOptions): Promise<Generated>
  /** Ends every call that is under way, and lets the process end. Jobs go on. */
  close(): Promise<void>
}

/** The whole library for people who use Promises. Throws `InvalidInput` where key or secret are missing. */
export const createScenario = (options: ScenarioOptions): Scenario => {
  const issues = (["apiKey", "apiSecret"] as const)
    .filter((name) => typeof options[name] !== "string" || options[name] === "")
    .map((path) => ({ path, expected: "the text that Scenario shows with the API key", got: "nothing" }))
  if (issues.length > 0) throw new InvalidInput({ issues })

  const runtime = new PromiseRuntime(
    ScenarioServices.layer.pipe(
      Layer.provide([
        ScenarioConfig.layer({
          ...options,
          apiKey: Redacted.make(options.apiKey),
          apiSecret: Redacted.make(options.apiSecret),
        }),
        ApiHttp.layerFetch(options.fetch),
        CdnHttp.layerFetch(options.fetch),
      ]),
    ),
  )

  return {
    ...promiseAccount(runtime),
    estimate: (request, call) =>
      runtime.run(
        Generations.use((generations) => generations.estimate(request)),
        call,
      ),
    submit: (request, call) =>
      runtime.run(
        Generations.use((generations) => generations.submit(request, submitOptions(call))),
        call,
      ),
    watch: (job, call) => runtime.iterate(Jobs.useSync((jobs) => jobs.watch(job, waitOptions(call)))),
    waitFor: (job, call) =>
      runtime.run(
        Jobs.use((jobs) => jobs.waitFor(job, waitOptions(call))),
        call,
      ),
    cancel: (job, call) =>
      runtime.run(
        Jobs.use((jobs) => jobs.cancel(job)),
        call,
      ),
    resolve: (finished, call) =>
      runtime.run(
        Assets.use((service) => service.resolve(finished, { timeout: inMillis(call?.timeoutMs) })),
        call,
      ),
    download: (asset, call) =>
      runtime.iterate(
        Downloads.useSync((downloads) =>
          downloads.download(asset, { ...call, stallTimeout: inMillis(call?.stallTimeoutMs) }),
        ),
      ),
    save: (asset, folder, call) => runtime.run(save(asset, folder, call), call),
    saveAll: (all, folder, call) => runtime.run(saveAll(all, folder, call), call),
    localFile: (path, call) => runtime.run(localFile(path), call),
    generate: (request, call) =>
      runtime.run(generate(request, { ...submitOptions(call), ...waitOptions(call) }), call),
    resume: (job, call) => runtime.run(resume(job, waitOptions(call)), call),
    close: () => runtime.close(),
    [Symbol.asyncDispose]: () => runtime.close(),
  }
}

const inMillis = (milliseconds: number | undefined): Duration.Duration | undefined =>
  milliseconds === undefined ? undefined : Duration.millis(milliseconds)

const submitOptions = (call: SubmitCallOptions | undefined): GenerateOptions => {
  const onSubmitted = call?.onSubmitted
  return {
    maxCost: call?.maxCost,
    queueTimeout: inMillis(call?.queueTimeoutMs),
    ifUncertain: call?.ifUncertain,
    onSubmitted: onSubmitted && ((submission) => Effect.sync(() => onSubmitted(submission))),
  }
}

const waitOptions = (call: WaitCallOptions | undefined): WaitOptions => {
  const onUpdate = call?.onUpdate
  return {
    timeout: inMillis(call?.timeoutMs),
    stopAtApproval: call?.stopAtApproval,
    onUpdate: onUpdate && ((update) => Effect.sync(() => onUpdate(update))),
  }
}
